using Chat.V1;
using ChatGrpc.Client;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using Google.Protobuf;

namespace ChatClient.Tests;

public sealed class ExchangeTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Question_ModelInLockStep_EachTokenIsPrintedBeforeTheNextExists()
    {
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "Count");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.StartStreamAsync();
        for (var i = 0; i < 10; i++)
        {
            await exchange.WriteTextAsync($"<{i}>");
            await chat.OutputHasAsync($"<{i}>");
        }

        await exchange.FinishAsync();

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal(string.Concat(Enumerable.Range(0, 10).Select(i => $"<{i}>")) + "\n", chat.Output);
        Assert.Empty(chat.Error);
    }

    [Fact]
    public async Task Question_WithStandardInput_AppendsIt()
    {
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "line one\nline two\n", CancellationToken.None, "Explain:");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.AnswerAsync("It is text.");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal("Explain:\n\nline one\nline two\n", Prompt(exchange).Single());
    }

    [Fact]
    public async Task Continue_AfterAnExchange_GoesOnInItsSession()
    {
        using var chat = new ChatProgram();
        var first = chat.RunAsync(service.Address, "First");
        await (await service.Models.NextRequestAsync()).AnswerAsync("One");
        Assert.Equal(ExitCodes.Ok, await first);

        var second = chat.RunAsync(service.Address, "--continue", "Second");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.AnswerAsync("Two");

        Assert.Equal(ExitCodes.Ok, await second);
        Assert.Equal(["First", "One", "Second"], Prompt(exchange));
    }

    [Fact]
    public async Task Reasoning_GoesBesideTheAnswer()
    {
        using var chat = new ChatProgram();
        var running = chat.RunAsync(service.Address, "Think");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteEventAsync(OpenAIWire.Reasoning("let me see"));
        await exchange.WriteTextAsync("42");
        await exchange.FinishAsync();

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal("42\n", chat.Output);
        Assert.Equal("let me see\n", chat.Error);
    }

    [Theory]
    [InlineData(true, "\uFFFD[2Jdone\n")]
    [InlineData(false, "\e[2J\rdone\n")]
    public async Task Answer_WithControlCharacters_IsHarmlessOnATerminalAndWholeInAPipe(bool terminal, string expected)
    {
        using var chat = new ChatProgram { IsTerminal = terminal };
        var running = chat.RunAsync(service.Address, "Draw");
        await (await service.Models.NextRequestAsync()).AnswerAsync("\e[2J", "\rdone");

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal(expected, chat.Output);
    }

    [Fact]
    public async Task Json_PrintsEachEventAsALine()
    {
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(
            service.Address, "--json", "--model", "demo", "/demo tokens=3 rate=max");

        Assert.Equal(ExitCodes.Ok, exit);
        var events = chat.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(JsonParser.Default.Parse<StreamChatResponse>).ToList();
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], events.Select(e => e.Sequence));
        Assert.Equal(6, events[^1].StreamEnd.LastSequence);
    }

    [Fact]
    public async Task ControlC_InTheMiddle_EndsTheTurnAtTheProvider()
    {
        using var chat = new ChatProgram();
        using var interrupt = new CancellationTokenSource();
        var running = chat.RunAsync(service.Address, null, interrupt.Token, "Go on for ever");
        var exchange = await service.Models.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("So far");
        await chat.OutputHasAsync("So far");

        await interrupt.CancelAsync();

        await exchange.Aborted.InTime();
        Assert.Equal(ExitCodes.Interrupted, await running);
        Assert.Equal("So far\n", chat.Output);
        Assert.Contains("Stopped", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_AfterText_KeepsItAndExitsWithTheStatus()
    {
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(
            service.Address, "--model", "demo", "/demo rate=max fail=rate-limited after=2 retry-after=3s");

        Assert.Equal(8, exit);
        Assert.Equal("alpha bravo \n", chat.Output);
        Assert.Contains("PROVIDER_RATE_LIMITED", chat.Error, StringComparison.Ordinal);
        Assert.Contains("Try again in 3 s.", chat.Error, StringComparison.Ordinal);
        Assert.Contains("not complete", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadField_IsNamed()
    {
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(service.Address, "--session", "not allowed", "Hello");

        Assert.Equal(3, exit);
        Assert.Empty(chat.Output);
        Assert.Contains("  session_id: must be", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatIsNoChatService_SaysSo()
    {
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(service.Models.Address, "Hello");

        Assert.Equal((int)Grpc.Core.StatusCode.Internal, exit);
        var line = Assert.Single(chat.Error.TrimEnd().Split('\n'));
        Assert.Contains("is no ChatGrpc service", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoServiceThere_SaysHowToStartOne()
    {
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(new Uri("http://127.0.0.1:1"), "--give-up", "0", "Hello");

        Assert.Equal(14, exit);
        Assert.Contains("No service at http://127.0.0.1:1", chat.Error, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project src/ChatService", chat.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Prompt(ProviderExchange exchange) =>
        exchange.Body.GetProperty("messages").EnumerateArray()
            .Select(message => message.GetProperty("content").GetString());
}
