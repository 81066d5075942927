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
        { ["regenerate"], "There is no last conversation with localhost:5080" },
        { ["edit", "s", "--message", "abcd"], "Say how the message shall read" },
        { ["edit", "s", "--message", "abcd", "--bogus"], "There is no option --bogus" },
        { ["search", "--bogus"], "There is no option --bogus; as a word it goes after --." },
        { ["show", "s", "--branch", "one"], "'one' is no message" },
        { ["import", "/nowhere/at/all.json"], "/nowhere/at/all.json cannot be read" },
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
    [InlineData("ls", "ls", "--json")]
    [InlineData("chat", "ls", "shows", "files")]
    [InlineData("show", "show", "s", "--branch", "437a7e1")]
    [InlineData("chat", "show", "me", "the", "way")]
    [InlineData("rm", "rm", "s")]
    [InlineData("rename", "rename", "s", "Tea", "and", "coffee")]
    [InlineData("search", "search", "tea", "and", "coffee")]
    [InlineData("fork", "fork", "s", "--at", "437a7e1", "--as", "t")]
    [InlineData("export", "export", "--all", "-o", "folder")]
    [InlineData("chat", "export", "of", "coffee")]
    [InlineData("import", "import", "a.json", "-")]
    [InlineData("regenerate", "regenerate", "--model", "demo")]
    [InlineData("chat", "regenerate", "my", "garden")]
    [InlineData("edit", "edit", "s", "--message", "437a7e1", "new", "words")]
    [InlineData("chat", "edit", "this", "for", "me")]
    [InlineData("select", "select", "s", "437a7e1")]
    [InlineData("select", "select", "s", "--previous")]
    [InlineData("select", "select", "--help")]
    [InlineData("edit", "edit", "--help")]
    [InlineData("chat", "select", "one")]
    [InlineData("chat", "select", "a", "number")]
    public void Streams_CommandOrQuestion_IsToldApart(string expected, params string[] words)
    {
        using var chat = new ChatProgram();

        var parsed = chat.Parse(words);

        Assert.Empty(parsed.Errors);
        Assert.Equal(expected == "chat", parsed.CommandResult.Command is RootCommand);
        Assert.True(expected == "chat" || parsed.CommandResult.Command.Name == expected);
    }

    [Theory]
    [InlineData("Name a session, or --all.", "export")]
    [InlineData("Name a session, or --all.", "export", "s", "--all")]
    [InlineData("--all takes a folder: -o FOLDER.", "export", "--all")]
    [InlineData("--all takes a folder: -o FOLDER.", "export", "--all", "-o", "-")]
    [InlineData("--branch and --all exclude each other.", "export", "--all", "-o", "x", "--branch", "abcd")]
    [InlineData("--branch takes --markdown: JSON has all branches.", "export", "s", "--branch", "abcd")]
    [InlineData("--branch and --all exclude each other.", "show", "s", "--all", "--branch", "abcd")]
    [InlineData("A message, --next and --previous exclude each other.", "select", "s", "abcd", "--next")]
    [InlineData("--session takes one file: a conversation has an id of its own.", "import", "a", "b", "--session", "s")]
    [InlineData("--limit takes a number from 1 to 100,000.", "search", "tea", "--limit", "0")]
    public void Conversations_WhatDoesNotFit_IsAnErrorInASentence(string sentence, params string[] words)
    {
        using var chat = new ChatProgram();

        Assert.Equal(sentence, Assert.Single(chat.Parse(words).Errors).Message);
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
