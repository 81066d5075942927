using System.CommandLine;
using ChatGrpc.Client;

namespace ChatClient.Tests;

public sealed class UsageTests
{
    public static TheoryData<string[], string> Misuses => new()
    {
        { [], "There is nothing to ask" },
        { ["--bogus"], "There is no option --bogus" },
        { ["--server", "ftp://somewhere", "x"], "'ftp://somewhere' is no address" },
        { ["--continue", "--session", "s", "x"], "exclude each other" },
        { ["resume"], "There is no last stream with localhost:5080" },
        { ["watch"], "There is no last conversation with localhost:5080" },
        { ["cancel", "--session", "s", "--request", "r"], "exclude each other" },
        { ["--tool", "clock", "--no-tools", "x"], "exclude each other" },
        { ["--schema", "/nowhere/at/all.json", "x"], "/nowhere/at/all.json cannot be read" },
        { ["--continue", "x"], "There is no conversation with localhost:5080" },
    };

    [Theory]
    [MemberData(nameof(Misuses))]
    public async Task Misuse_IsToldInASentence(string[] arguments, string words)
    {
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(server: null, arguments);

        Assert.Equal(ExitCodes.Usage, exit);
        Assert.Empty(chat.Output);
        Assert.Contains(words, Assert.Single(chat.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tell", "me", "about", "models")]
    [InlineData("models", "are", "what?")]
    [InlineData("--", "models")]
    [InlineData("models?")]
    [InlineData("@alice", "hello")]
    [InlineData("-5", "+", "3")]
    public void Question_OfWordsThatMeanSomethingToAParser_IsAQuestion(params string[] words)
    {
        using var chat = new ChatProgram();

        var parsed = chat.Parse(words);

        Assert.Empty(parsed.Errors);
        Assert.IsType<RootCommand>(parsed.CommandResult.Command);
        Assert.Equal(words.Where(word => word != "--"), parsed.GetValue<string[]>("question"));
    }

    [Theory]
    [InlineData("models")]
    [InlineData("models", "--json")]
    [InlineData("--server", "localhost:1", "models")]
    public void Models_Alone_IsTheCommand(params string[] words)
    {
        using var chat = new ChatProgram();

        Assert.Equal("models", chat.Parse(words).CommandResult.Command.Name);
    }

    [Theory]
    [InlineData("resume", "resume")]
    [InlineData("resume", "resume", "01a1fcec-8218-763f-a1e6-ca442437a7e1", "--after", "3")]
    [InlineData("cancel", "cancel", "--session", "s")]
    [InlineData("watch", "watch", "s", "--json")]
    [InlineData("chat", "cancel", "the", "meeting", "with", "Bob")]
    [InlineData("tools", "tools", "--json")]
    [InlineData("chat", "tools", "of", "the", "trade")]
    [InlineData("answer", "answer", "01a1fcec-8218-763f-a1e6-ca442437a7e1", "call", "--json", "{}")]
    [InlineData("chat", "answer", "this", "question", "please")]
    [InlineData("chat", "answer", "me")]
    public void Streams_CommandOrQuestion_IsToldApart(string expected, params string[] words)
    {
        using var chat = new ChatProgram();

        var parsed = chat.Parse(words);

        Assert.Empty(parsed.Errors);
        Assert.Equal(expected == "chat", parsed.CommandResult.Command is RootCommand);
        Assert.True(expected == "chat" || parsed.CommandResult.Command.Name == expected);
    }

    [Fact]
    public void Resume_OfWhatIsNoStream_IsAnError()
    {
        using var chat = new ChatProgram();

        var error = Assert.Single(chat.Parse("resume", "yesterday").Errors);

        Assert.Equal("'yesterday' is no id of a stream.", error.Message);
    }

    [Theory]
    [InlineData("localhost:5080", "http://localhost:5080/")]
    [InlineData("https://chat.example", "https://chat.example/")]
    [InlineData("http://[::1]:5080", "http://[::1]:5080/")]
    public void ServerAddress_WithOrWithoutScheme_IsTaken(string text, string expected) =>
        Assert.Equal(expected, ServerAddress.Parse(text, out _)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("ftp://x")]
    [InlineData("http://user:secret@x")]
    public void ServerAddress_ThatIsNone_IsRefused(string text) =>
        Assert.Null(ServerAddress.Parse(text, out _));
}
