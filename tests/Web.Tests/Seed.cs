using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Net.Client;
using Service = Chat.V1.ChatService;

namespace Web.Tests;

/// <summary>Conversations that were there before the page was opened.</summary>
internal sealed class Seed : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Service.ChatServiceClient _client;
    private readonly SessionService.SessionServiceClient _sessions;

    public Seed(Uri service)
    {
        _channel = GrpcChannel.ForAddress(service);
        _client = new Service.ChatServiceClient(_channel);
        _sessions = new SessionService.SessionServiceClient(_channel);
    }

    public Task SayAsync(string sessionId, string message, string model = "") =>
        _client.ChatAsync(new ChatRequest { SessionId = sessionId, Message = message, Model = model })
            .ResponseAsync.InTime();

    /// <summary>Asks with a tool that the client runs, and leaves once the service has the message.</summary>
    public async Task BeginAsync(string sessionId, string message, ClientTool tool)
    {
        var request = new StreamChatRequest
        {
            SessionId = sessionId,
            Message = message,
            Tools = new() { ClientTools = { tool } },
        };
        using var call = _client.StreamChat(request, cancellationToken: TestContext.Current.CancellationToken);
        _ = await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).InTime();
    }

    /// <summary>Returns when the session's turn waits for its client, also after a crash: that is saved.</summary>
    public async Task UntilWaitingAsync(string sessionId)
    {
        using var watch = _sessions.WatchSession(
            new WatchSessionRequest { SessionId = sessionId },
            cancellationToken: TestContext.Current.CancellationToken);
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken).InTime());
        }
        while (watch.ResponseStream.Current.Message?.State != StreamState.Waiting);
    }

    public void Dispose() => _channel.Dispose();
}
