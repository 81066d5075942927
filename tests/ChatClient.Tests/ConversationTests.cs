using ChatGrpc.Client;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace ChatClient.Tests;

public sealed class ConversationTests(ServiceFixture service) : IClassFixture<ServiceFixture>, IDisposable
{
    private readonly Keyboard _keyboard = new();

    public void Dispose() => _keyboard.Dispose();

    [Fact]
    public async Task Conversation_MessageAfterMessage_OneSessionUntilTheEndOfInput()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        await chat.ErrorHasAsync(">>> ");
        _keyboard.Type("First", "", "   ");
        await (await service.Models.NextRequestAsync()).AnswerAsync("One");
        _keyboard.Type("Second");
        var second = await service.Models.NextRequestAsync();
        await second.AnswerAsync("Two");
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal("One\nTwo\n", chat.Output);
        Assert.Equal(["First", "One", "Second"], Prompt(second));
    }

    [Fact]
    public async Task New_BetweenMessages_BeginsAnotherConversation()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _keyboard.Type("First");
        await (await service.Models.NextRequestAsync()).AnswerAsync("One");
        _keyboard.Type("/new", "Second");
        var second = await service.Models.NextRequestAsync();
        await second.AnswerAsync("Two");
        _keyboard.Type("/quit");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal(["Second"], Prompt(second));
    }

    [Fact]
    public async Task ControlC_InTheAnswer_StopsItAtTheProviderAndTheConversationGoesOn()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _keyboard.Type("Long");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("and so on");
        await chat.OutputHasAsync("and so on");

        Assert.True(chat.Interrupts.Press());

        await exchange.Aborted.InTime();
        await chat.ErrorHasAsync("Stopped; what there is of the answer is saved.");
        _keyboard.Type("Next");
        var next = await service.Models.NextRequestAsync();
        await next.AnswerAsync("Here");
        _keyboard.End();
        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal("and so on\nHere\n", chat.Output);
        Assert.Equal(["Long", "and so on", "Next"], Prompt(next));
    }

    [Fact]
    public async Task ControlC_AtThePrompt_SaysHowToLeaveAndTheSecondLeaves()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        await chat.ErrorHasAsync(">>> ");

        Assert.True(chat.Interrupts.Press());
        await chat.ErrorHasAsync("Ctrl+D or another Ctrl+C leaves.");
        Assert.False(chat.Interrupts.Press());

        _keyboard.Type("/session");
        await chat.ErrorHasAsync("It begins with the next message.");
        Assert.True(chat.Interrupts.Press());
        _keyboard.End();
        Assert.Equal(ExitCodes.Ok, await running);
    }

    [Fact]
    public async Task Failure_OfOneMessage_IsToldAndTheConversationGoesOn()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address, "--model", "demo");
        _keyboard.Type("//demo fail=rate-limited");
        await chat.ErrorHasAsync("PROVIDER_RATE_LIMITED");
        _keyboard.Type("//demo tokens=2 rate=max");
        await chat.OutputHasAsync("alpha bravo");
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
    }

    [Fact]
    public async Task LongerText_InABlockOrWithBackslashes_IsOneMessage()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _keyboard.Type("\"\"\"", "one", "  two", "\"\"\"", "three\\", "four");
        var block = await service.Models.NextRequestAsync();
        await block.AnswerAsync("a");
        var continued = await service.Models.NextRequestAsync();
        await continued.AnswerAsync("b");
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal(["one\n  two", "a", "three\nfour"], Prompt(continued));
    }

    [Fact]
    public async Task Model_Chosen_AnswersFromThenOn()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _keyboard.Type("/model dmo");
        await (await service.Models.NextListingAsync()).RespondAsync(404, "{}");
        await chat.ErrorHasAsync("There is no model dmo. Did you mean demo? /model lists them.");
        _keyboard.Type("/model openai/unlisted");
        await (await service.Models.NextListingAsync()).RespondAsync(404, "{}");
        await chat.ErrorHasAsync("openai/unlisted answers from now on. Its provider does not list it.");
        _keyboard.Type("/model demo");
        await (await service.Models.NextListingAsync()).RespondAsync(404, "{}");
        await chat.ErrorHasAsync("demo answers from now on.");
        _keyboard.Type("/model");
        await (await service.Models.NextListingAsync()).RespondAsync(404, "{}");
        await chat.ErrorHasAsync("* demo");
        _keyboard.Type("//demo tokens=1 rate=max");
        await chat.OutputHasAsync("alpha");
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
    }

    [Fact]
    public async Task ControlC_WhileModelsAreListed_StopsTheListingAndTheConversationGoesOn()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _keyboard.Type("/model demo");
        await service.Models.NextListingAsync();

        Assert.True(chat.Interrupts.Press());

        await chat.ErrorHasAsync("Stopped; the model is the same as before.");
        _keyboard.End();
        Assert.Equal(ExitCodes.Ok, await running);
    }

    [Fact]
    public async Task Service_Gone_IsToldForEachMessageAndWhatWasAttachedTo()
    {
        using var folder = new TemporaryFolder();
        var text = Path.Combine(folder.Path, "note.md");
        await File.WriteAllTextAsync(text, "a", TestContext.Current.CancellationToken);
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(new Uri("http://127.0.0.1:1"), "--give-up", "0");
        _keyboard.Type($"/file {text}", "Hello");
        await chat.ErrorHasAsync("No service at http://127.0.0.1:1");
        await chat.ErrorHasAsync("What was attached did not go either; attach it again.");
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
    }

    [Fact]
    public async Task Attachments_BeforeAMessage_GoWithItAlone()
    {
        using var folder = new TemporaryFolder();
        var image = Path.Combine(folder.Path, "dot.png");
        var text = Path.Combine(folder.Path, "note.md");
        await File.WriteAllBytesAsync(image, Samples.Png, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(text, "a ``` b", TestContext.Current.CancellationToken);
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _keyboard.Type($"/image {image}", $"/file {text}", "/file", "/image absent.png", "See");
        var first = await service.Models.NextRequestAsync();
        await first.AnswerAsync("Seen");
        _keyboard.Type("Again");
        var second = await service.Models.NextRequestAsync();
        await second.AnswerAsync("Yes");
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
        var parts = first.Body.GetProperty("messages")[0].GetProperty("content");
        Assert.Equal("See", parts[0].GetProperty("text").GetString());
        Assert.StartsWith("data:image/png;base64,", parts[1].GetProperty("image_url").GetProperty("url").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("note.md:\n````\na ``` b\n````", parts[2].GetProperty("text").GetString());
        Assert.Equal("Again", second.Body.GetProperty("messages")[2].GetProperty("content").GetString());
        Assert.Contains("Name a file.", chat.Error, StringComparison.Ordinal);
        Assert.Contains("absent.png cannot be read", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_HelpAndWhatIsNone_AreToldAndNotSent()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _keyboard.Type("/help", "/hlep", "/session");
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Contains("/quit           leaves", chat.Error, StringComparison.Ordinal);
        Assert.Contains("There is no command /hlep. Did you mean /help?", chat.Error, StringComparison.Ordinal);
        Assert.Empty(chat.Output);
    }

    private static IEnumerable<string> Prompt(ProviderExchange exchange) =>
        exchange.Body.GetProperty("messages").EnumerateArray()
            .Select(message => message.GetProperty("content").GetString()!);
}
