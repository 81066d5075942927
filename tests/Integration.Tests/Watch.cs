using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>A call of WatchSession, and what it told so far.</summary>
internal sealed class Watch : IDisposable
{
    private readonly AsyncServerStreamingCall<WatchSessionResponse> _call;
    private readonly List<WatchSessionResponse> _responses = [];

    private Watch(AsyncServerStreamingCall<WatchSessionResponse> call) => _call = call;

    public IReadOnlyList<WatchSessionResponse> Responses => _responses;

    public string Cursor => _responses.LastOrDefault(told => told.Cursor.Length > 0)?.Cursor ?? "";

    /// <summary>The events of turns that were told.</summary>
    public IEnumerable<StreamChatResponse> Events =>
        _responses.Where(told => told.TurnEvent is not null).Select(told => told.TurnEvent.Event);

    /// <summary>The status that it ended with.</summary>
    public RpcException? Failure { get; private set; }

    /// <summary>Returns when the service has taken the call: what happens from then on is told.</summary>
    public static async Task<Watch> StartAsync(
        Deployment deployment, string session = "s", string cursor = "", CallOptions options = default)
    {
        var call = deployment.Sessions().WatchSession(
            new WatchSessionRequest { SessionId = session, Cursor = cursor }, options);
        _ = await call.ResponseHeadersAsync.InTime();
        return new Watch(call);
    }

    /// <summary>Null: it has ended.</summary>
    public async Task<WatchSessionResponse?> NextAsync()
    {
        try
        {
            if (!await _call.ResponseStream.MoveNext(CancellationToken.None).InTime())
            {
                return null;
            }

            _responses.Add(_call.ResponseStream.Current);
            return _responses[^1];
        }
        catch (RpcException failure)
        {
            Failure = failure;
            return null;
        }
    }

    public async Task<WatchSessionResponse> UntilAsync(Func<WatchSessionResponse, bool> wanted)
    {
        while (await NextAsync() is { } next)
        {
            if (wanted(next))
            {
                return next;
            }
        }

        throw new InvalidOperationException($"The watch ended before that: {Failure?.Message}");
    }

    public Task<WatchSessionResponse> UntilMessageAsync(StreamState state) =>
        UntilAsync(told => told.Message?.Role == MessageRole.Assistant && told.Message.State == state);

    public async Task ToEndAsync()
    {
        while (await NextAsync() is not null)
        {
        }
    }

    public void Dispose() => _call.Dispose();
}
