using System.Text.RegularExpressions;
using Chat.V1;
using ChatGrpc.Client;
using ChatGrpc.TestKit;
using Google.Protobuf;

namespace ChatClient.Tests;

public sealed partial class SessionsCommandTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Sessions_List_NewestFirstWithTimesAndTitles()
    {
        _ = await AskAsync("list-1", "/demo tokens=1 rate=max");
        _ = await AskAsync("list-two", "/demo tokens=1 rate=max\nmore");

        var output = await RunAsync("sessions");

        Assert.Matches(
            """
            \A  list-two +[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}  /demo tokens=1 rate=max
              list-1 +[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}  /demo tokens=1 rate=max
            """,
            output);
    }

    [Fact]
    public async Task Sessions_MoreThanAPage_AllOfThem()
    {
        for (var i = 0; i < 201; i++)
        {
            _ = await AskAsync($"many-{i}", "/demo tokens=1 rate=max");
        }

        var output = await RunAsync("sessions", "--json");

        var sessions = output.TrimEnd().Split('\n').Select(JsonParser.Default.Parse<Session>).ToList();
        Assert.Equal(
            Enumerable.Range(0, 201).Select(i => $"many-{i}").Order(),
            sessions.Select(session => session.SessionId)
                .Where(id => id.StartsWith("many-", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData("sessions show show-1")]
    [InlineData("show show-2")]
    [InlineData("show --all show-3")]
    public async Task Show_AConversation_PrintsWhoSaidWhat(string command)
    {
        _ = await AskAsync(command.Split(' ')[^1], "/demo tokens=2 rate=max");

        Assert.Equal(
            """
            # you, TIME (ID)
            /demo tokens=2 rate=max

            # demo, TIME (ID)
            alpha bravo 


            """,
            ShortId().Replace(Time().Replace(await RunAsync(command.Split(' ')), "TIME"), "(ID)"));
    }

    [Fact]
    public async Task Show_AnImageOfFiveMegabytes_SaysThatThereIsOne()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "large.png");
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[5_000_000]];
        await File.WriteAllBytesAsync(file, png, TestContext.Current.CancellationToken);
        _ = await RunAsync("--session", "image", "--model", "demo", "--image", file, "/demo tokens=1 rate=max");

        Assert.Contains(
            "[image/png, 5,000,008 bytes]", await RunAsync("sessions", "show", "image"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_AsJson_AMessageALine()
    {
        _ = await AskAsync("json", "/demo tokens=1 rate=max");

        var lines = (await RunAsync("sessions", "show", "json", "--json")).TrimEnd().Split('\n');

        Assert.Equal(
            [MessageRole.User, MessageRole.Assistant],
            lines.Select(line => JsonParser.Default.Parse<Message>(line).Role));
    }

    [Fact]
    public async Task Rename_WordsWithoutQuotes_AreTheTitle()
    {
        _ = await AskAsync("rename", "/demo tokens=1 rate=max");

        var output = await RunAsync("sessions", "rename", "rename", "A", "new", "title");

        Assert.EndsWith("  A new title\n", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^  rename .*  A new title$", await RunAsync("sessions"));
    }

    [Fact]
    public async Task Delete_Known_IsGone()
    {
        _ = await AskAsync("delete", "/demo tokens=1 rate=max");
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "sessions", "delete", "delete"));
        Assert.Equal(("", "delete is deleted.\n"), (chat.Output, chat.Error));
        Assert.Equal(5, await chat.RunAsync(service.Address, "sessions", "delete", "delete"));
        Assert.Contains("There is no such session. (SESSION_NOT_FOUND)", chat.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "show", "absent")]
    [InlineData(5, "rename", "absent", "x")]
    [InlineData(3, "show", "not allowed")]
    [InlineData(3, "rename", "x", " ")]
    public async Task Sessions_WhatCannotBe_IsToldWithItsStatus(int code, params string[] arguments)
    {
        using var chat = new ChatProgram();

        Assert.Equal(code, await chat.RunAsync(service.Address, ["sessions", .. arguments]));
        Assert.Empty(chat.Output);
        Assert.NotEmpty(chat.Error);
    }

    [Fact]
    public async Task Sessions_NoServiceThere_SaysHowToStartOne()
    {
        using var chat = new ChatProgram();

        Assert.Equal(14, await chat.RunAsync(new Uri("http://127.0.0.1:9"), "sessions"));
        Assert.Contains("No service at", chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_AModelsControlCharacters_AreHarmlessOnATerminal()
    {
        _ = await AskAsync("control", "/demo tokens=1 rate=max\n\e]0;owned\a");
        using var chat = new ChatProgram { IsTerminal = true };

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "sessions", "show", "control"));
        Assert.Contains("\uFFFD]0;owned\uFFFD", chat.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sessions", true)]
    [InlineData("sessions show x", true)]
    [InlineData("sessions are long", false)]
    [InlineData("tell me about sessions", false)]
    public void Parse_AWordAmongOthers_IsNoCommand(string typed, bool isCommand)
    {
        using var chat = new ChatProgram();

        var parsed = chat.Parse(typed.Split(' '));

        Assert.Empty(parsed.Errors);
        Assert.Equal(isCommand, parsed.CommandResult.Command.Parents.Any());
    }

    private Task<string> AskAsync(string session, string question) =>
        RunAsync("--session", session, "--model", "demo", question);

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var chat = new ChatProgram();
        Assert.Equal((ExitCodes.Ok, ""), (await chat.RunAsync(service.Address, arguments), chat.Error));
        return chat.Output;
    }

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")]
    private static partial Regex Time();

    [GeneratedRegex(@"\([0-9a-f]{8}\)")]
    private static partial Regex ShortId();
}
