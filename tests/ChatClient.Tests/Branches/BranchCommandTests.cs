using System.Text.RegularExpressions;
using Chat.V1;
using ChatGrpc.Client;
using ChatGrpc.TestKit;
using Google.Protobuf;

namespace ChatClient.Tests.Branches;

/// <summary>regenerate, edit, select, fork and show, with the real service.</summary>
public sealed partial class BranchCommandTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private readonly string _session = $"{Guid.NewGuid()}";

    [Fact]
    public async Task Regenerate_TheNewest_StreamsAnotherAnswerBesideTheFirst()
    {
        _ = await AskedAsync("One", "--session", _session, "Question");

        var prompt = await AskedAsync("Two", "regenerate", _session, "--instructions", "Be brief.");

        Assert.Equal(["Be brief.", "Question"], prompt);
        Assert.Equal(
            ["# you, TIME (ID)", "Question", "", "# openai, TIME, 2 of 2 (ID)", "Two", ""],
            await ShownAsync("show", _session));
        Assert.Equal(
            [
                "# you, TIME (ID)", "Question", "",
                "# openai, TIME, 1 of 2 (ID)", "One", "",
                "# openai, TIME, in another branch, 2 of 2 (ID)", "Two", "",
            ],
            await ShownAsync("show", _session, "--all"));
    }

    [Fact]
    public async Task Regenerate_WithoutASession_IsAboutTheLastOne()
    {
        using var chat = new ChatProgram();
        var first = chat.RunAsync(service.Address, "--session", _session, "Question");
        await (await service.Models.NextRequestAsync()).AnswerAsync("One");
        Assert.Equal(ExitCodes.Ok, await first);

        var again = chat.RunAsync(service.Address, "regenerate");
        await (await service.Models.NextRequestAsync()).AnswerAsync("Two");

        Assert.Equal(ExitCodes.Ok, await again);
        Assert.Equal("One\nTwo\n", chat.Output);
    }

    [Fact]
    public async Task Edit_AMessageByTheEndOfItsId_IsAnsweredAsItReadsNow()
    {
        using var folder = new TemporaryFolder();
        var note = Path.Combine(folder.Path, "note.md");
        await File.WriteAllTextAsync(note, "Milk first.", TestContext.Current.CancellationToken);
        _ = await AskedAsync("One", "--session", _session, "Frist?", "--file", note);
        _ = await AskedAsync("Two", "--session", _session, "Second");
        var first = (await MessagesAsync())[0].MessageId;

        var prompt = await AskedAsync("Three", "edit", _session, "--message", first[^8..].ToUpperInvariant(), "First?");

        Assert.Equal(["First?note.md:\n```\nMilk first.\n```"], prompt);
        var shown = await ShownAsync("show", _session);
        Assert.Equal(("# you, TIME, 2 of 2 (ID)", "First?"), (shown[0], shown[1]));
        Assert.Equal("Three", shown[^2]);
        Assert.Contains("Two", await ShownAsync("show", _session, "--branch", (await MessagesAsync())[3].MessageId));
    }

    [Fact]
    public async Task Select_TheBranchBefore_IsWhereTheNextMessageGoes()
    {
        _ = await AskedAsync("One", "--session", _session, "Question");
        _ = await AskedAsync("Two", "regenerate", _session);

        var (exit, output, _) = await RunAsync("select", _session, "--previous");
        var prompt = await AskedAsync("Three", "--session", _session, "And then?");

        Assert.Equal(ExitCodes.Ok, exit);
        Assert.Matches($@"^{_session} goes on after openai, .*: One \([0-9a-f]{{8}}\)\n$", output);
        Assert.Equal(["Question", "One", "And then?"], prompt);
    }

    [Fact]
    public async Task Select_BeyondTheBranches_IsToldAndChangesNothing()
    {
        _ = await AskedAsync("One", "--session", _session, "Question");
        Assert.Equal(
            (ExitCodes.Usage, "", $"{_session} has one branch only.\n"), await RunAsync("select", _session, "--next"));
        _ = await AskedAsync("Two", "regenerate", _session);

        Assert.Equal(
            (ExitCodes.Usage, "", $"{_session} is in the last of 2 branches.\n"),
            await RunAsync("select", _session, "--next"));
        Assert.Equal(
            (ExitCodes.Usage, "", $"No message of {_session} ends with 0123456789abcdef.\n"),
            await RunAsync("select", _session, "0123456789abcdef"));
        Assert.Contains("Two", await ShownAsync("show", _session));
    }

    [Fact]
    public async Task Select_AMessageOfAnotherBranch_GoesOnAfterTheNewestBelowIt()
    {
        _ = await AskedAsync("One", "--session", _session, "Question");
        _ = await AskedAsync("Below", "--session", _session, "More");
        var one = (await MessagesAsync())[1].MessageId;
        _ = await AskedAsync("Two", "regenerate", _session, "--message", one);

        var (exit, output, _) = await RunAsync("select", _session, one[^8..], "--json");

        Assert.Equal(ExitCodes.Ok, exit);
        Assert.Equal((await MessagesAsync())[3].MessageId, JsonParser.Default.Parse<Session>(output).HeadMessageId);
    }

    [Fact]
    public async Task Fork_AtAMessage_IsANewConversationThatEndsThere()
    {
        _ = await AskedAsync("One", "--session", _session, "Question");
        _ = await AskedAsync("Two", "--session", _session, "More");
        var one = (await MessagesAsync())[1].MessageId;

        var (exit, output, _) = await RunAsync("fork", _session, "--at", one[^8..], "--as", $"{_session}-copy");

        Assert.Equal(ExitCodes.Ok, exit);
        Assert.Matches($"^  {_session}-copy  .*  Question\n$", output);
        var copy = await ShownAsync("show", $"{_session}-copy");
        Assert.Equal(["# you, TIME (ID)", "Question", "", "# openai, TIME (ID)", "One", ""], copy);
        Assert.DoesNotContain(one[^8..], (await RunAsync("show", $"{_session}-copy")).Output, StringComparison.Ordinal);
    }

    // What the model was asked, and its answer is on the output.
    private async Task<IEnumerable<string>> AskedAsync(string answer, params string[] arguments)
    {
        var running = RunAsync(arguments);
        var exchange = await service.Models.NextRequestAsync();
        await exchange.AnswerAsync(answer);
        Assert.Equal((ExitCodes.Ok, $"{answer}\n", ""), await running);
        return exchange.Texts();
    }

    private async Task<string[]> ShownAsync(params string[] arguments)
    {
        var (exit, output, error) = await RunAsync(arguments);
        Assert.Equal((ExitCodes.Ok, ""), (exit, error));
        return ShortId().Replace(Time().Replace(output, "TIME"), "(ID)").TrimEnd('\n').Split('\n').Append("").ToArray();
    }

    private async Task<List<Message>> MessagesAsync() =>
        [
            .. (await RunAsync("show", _session, "--all", "--json")).Output.TrimEnd().Split('\n')
                .Select(JsonParser.Default.Parse<Message>),
        ];

    private async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var chat = new ChatProgram();
        var exit = await chat.RunAsync(service.Address, arguments);
        return (exit, chat.Output, chat.Error);
    }

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")]
    private static partial Regex Time();

    [GeneratedRegex(@"\([0-9a-f]{8}\)")]
    private static partial Regex ShortId();
}
