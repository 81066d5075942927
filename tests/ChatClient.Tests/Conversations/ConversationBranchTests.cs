using ChatGrpc.Client;
using ChatGrpc.TestKit.Providers;

namespace ChatClient.Tests.Conversations;

/// <summary>/edit, /regenerate and /branches, with the real service.</summary>
public sealed class ConversationBranchTests(ServiceFixture service) : IClassFixture<ServiceFixture>, IDisposable
{
    private readonly Keyboard _keyboard = new();

    public void Dispose() => _keyboard.Dispose();

    [Fact]
    public async Task Branches_MadeAndChosen_AreWhatTheNextMessageFollows()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _ = await AnsweredAsync("Frist", "One");
        Assert.Equal(["First"], await AnsweredAsync("/edit First", "Two"));
        Assert.Equal(["First"], await AnsweredAsync("/regenerate", "Three"));
        Assert.Equal(["First", "Three", "Second"], await AnsweredAsync("Second", "Four"));

        _keyboard.Type("/branches");
        await chat.ErrorHasAsync("/branches NUMBER goes on with that one.");
        Assert.Matches(
            "  1  you, .*: Frist\n\\* 2  you, .*: First\n  3  openai, .*: Two\n\\* 4  openai, .*: Three\n", chat.Error);
        _keyboard.Type("/branches 3");
        await chat.ErrorHasAsync("The conversation goes on after openai, ");
        Assert.Equal(["First", "Two", "Third"], await AnsweredAsync("Third", "Five"));
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
        Assert.Equal("One\nTwo\nThree\nFour\nFive\n", chat.Output);
    }

    [Fact]
    public async Task Commands_ThatFindNothing_AreToldAndTheConversationGoesOn()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _keyboard.Type("/regenerate", "/edit");
        await chat.ErrorHasAsync("The conversation begins with the next message.");
        await chat.ErrorHasAsync("Say how the last message shall read: /edit TEXT");
        _ = await AnsweredAsync("First", "One");
        _keyboard.Type("/branches", "/branches 1");
        await chat.ErrorHasAsync("There is one branch only.");
        await chat.ErrorHasAsync("There is no branch 1. /branches tells their numbers.");
        _keyboard.End();

        Assert.Equal(ExitCodes.Ok, await running);
    }

    [Fact]
    public async Task Regenerate_ByAnotherModel_IsThatOnesAnswerOnce()
    {
        using var chat = new ChatProgram { Keyboard = _keyboard };
        var running = chat.RunAsync(service.Address);
        _ = await AnsweredAsync("//demo tokens=2 rate=max", "One");
        _keyboard.Type("/regenerate demo");
        await chat.OutputHasAsync("alpha bravo");

        Assert.Equal(
            ["/demo tokens=2 rate=max", "alpha bravo ", "Second"], await AnsweredAsync("Second", "Two"));
        _keyboard.End();
        Assert.Equal(ExitCodes.Ok, await running);
    }

    // What the model was asked when that was typed.
    private async Task<IEnumerable<string>> AnsweredAsync(string typed, string answer)
    {
        _keyboard.Type(typed);
        var exchange = await service.Models.NextRequestAsync();
        await exchange.AnswerAsync(answer);
        return exchange.Texts();
    }
}
