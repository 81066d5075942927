using Chat.V1;
using ChatClient.Tests.Streams;
using ChatGrpc.Client;
using Google.Rpc;

namespace ChatClient.Tests.Tools;

/// <summary>chat tools, and chat answer.</summary>
public sealed class ToolCommandTests
{
    private readonly ScriptedEndpoint _endpoint = new();

    [Fact]
    public async Task Tools_AreListedWithThoseOfEveryMessageMarked()
    {
        _endpoint.Tools = new ListToolsResponse
        {
            Tools =
            {
                new Tool { Name = "clock", OfferedByDefault = true, Description = "Tells the time.\nAnywhere." },
                new Tool { Name = "files_read", Server = "files", Title = "Read" },
            },
            Servers =
            {
                new ToolServer { Name = "far", UnavailableReason = "It did not start." },
                new ToolServer { Name = "files", State = ToolServerState.Available },
            },
        };
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await RunAsync(chat, "tools"));
        Assert.Equal("* clock       Tells the time. Anywhere.\n  files_read  Read\n", chat.Output);
        Assert.Equal("far is not available: It did not start.\n", chat.Error);
    }

    [Theory]
    [InlineData(StreamState.Running, "the turn goes on: chat resume 01a1fcec-8218-763f-a1e6-ca442437a7e1")]
    [InlineData(StreamState.Waiting, "the turn waits for another one still.")]
    public async Task Answer_OfWords_IsGivenAndSaysWhatFollows(StreamState state, string words)
    {
        SubmitToolResultRequest? given = null;
        _endpoint.Submit = request =>
        {
            given = request;
            return new SubmitToolResultResponse { State = state };
        };
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await RunAsync(chat, "answer", ScriptedService.StreamId, "c", "light", "blue"));
        Assert.Equal(
            new SubmitToolResultRequest { StreamId = ScriptedService.StreamId, ToolCallId = "c", Text = "light blue" },
            given);
        Assert.Contains(words, chat.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_OfStandardInputAsJsonOfAFailure_IsGivenAsThat()
    {
        SubmitToolResultRequest? given = null;
        _endpoint.Submit = request =>
        {
            given = request;
            return new SubmitToolResultResponse();
        };
        await using var host = await ScriptedHost.StartAsync(_endpoint);
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(
            new Uri(host.Urls.Single()), "{\"a\":\n1}", CancellationToken.None,
            "answer", ScriptedService.StreamId, "c", "--json", "--error", "-");

        Assert.Equal(ExitCodes.Ok, exit);
        Assert.Equal(("{\"a\":\n1}", true), (given?.Json, given?.IsError));
    }

    [Fact]
    public async Task Answer_ThatIsRefused_IsToldInASentence()
    {
        _endpoint.Submit = _ => throw TurnLog.Failure(Code.NotFound, "CALL_NOT_FOUND");
        using var chat = new ChatProgram();

        Assert.Equal((int)Code.NotFound, await RunAsync(chat, "answer", ScriptedService.StreamId, "c", "x"));
        Assert.Equal("It is so. (CALL_NOT_FOUND)\n", chat.Error);
    }

    private async Task<int> RunAsync(ChatProgram chat, params string[] arguments)
    {
        await using var host = await ScriptedHost.StartAsync(_endpoint);
        return await chat.RunAsync(new Uri(host.Urls.Single()), arguments);
    }
}
