using System.Threading.Channels;
using Chat.V1;
using ChatClient.Tests.Streams;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace ChatClient.Tests.Watching;

/// <summary>A service whose session happens as the test says, on connections that break when it says so.</summary>
internal sealed class ScriptedWatch : IAsyncDisposable
{
    private readonly Channel<WatchSessionResponse> _responses = Channel.CreateUnbounded<WatchSessionResponse>();
    private readonly WebApplication _app;
    private RpcException? _cut;
    private int _cursor;

    private ScriptedWatch(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The cursors with which the client came.</summary>
    public List<string> Cursors { get; } = [];

    public static async Task<ScriptedWatch> StartAsync()
    {
        var endpoint = new ScriptedEndpoint();
        var watch = new ScriptedWatch(await ScriptedHost.StartAsync(endpoint));
        endpoint.Watch = watch.WatchAsync;
        return watch;
    }

    public ScriptedWatch Says(string id, string author, StreamState state, string text = "")
    {
        var message = new Message
        {
            MessageId = id,
            Author = author,
            Role = author == "demo" ? MessageRole.Assistant : MessageRole.User,
            State = state,
            CreateTime = Timestamp.FromDateTimeOffset(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero)),
        };
        if (text.Length > 0)
        {
            message.Parts.Add(new Part { Text = text });
        }

        return Send(new WatchSessionResponse { Message = message });
    }

    public ScriptedWatch Event(string id, long sequence, string text) => Event(id, new StreamChatResponse
    {
        Sequence = sequence,
        Token = new Token { Text = text, Channel = TokenChannel.Answer },
    });

    public ScriptedWatch Event(string id, StreamChatResponse next) => Send(new WatchSessionResponse
    {
        TurnEvent = new TurnEvent { StreamId = $"stream of {id}", MessageId = id, Event = next },
    });

    public ScriptedWatch Begins(string id, long after = 0) =>
        Event(id, new StreamChatResponse { SessionInfo = new SessionInfo { ResumedAfter = after } });

    public ScriptedWatch Send(WatchSessionResponse response)
    {
        response.SessionId = "s";
        response.Cursor = $"{++_cursor}";
        _ = _responses.Writer.TryWrite(response);
        return this;
    }

    /// <summary>The connection ends here; what is sent after it goes over the next.</summary>
    public ScriptedWatch Cut(RpcException with)
    {
        _cut = with;
        _ = _responses.Writer.TryWrite(new WatchSessionResponse { Deleted = new SessionDeleted() });
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task WatchAsync(
        WatchSessionRequest request, IServerStreamWriter<WatchSessionResponse> responses, ServerCallContext context)
    {
        Cursors.Add(request.Cursor);
        await foreach (var response in _responses.Reader.ReadAllAsync(context.CancellationToken))
        {
            // A response without a session marks the cut.
            if (response.SessionId.Length == 0)
            {
                throw _cut!;
            }

            await responses.WriteAsync(response, context.CancellationToken);
        }
    }
}
