using Chat.V1;
using Grpc.Core;

namespace ChatGrpc.Bench.Load.Surviving;

/// <summary>A turn that goes on, with a reader who stays; others may resume it behind what that one has seen.</summary>
internal sealed class LiveStream : IAsyncDisposable
{
    // What a client has missed when it comes back at once.
    private const int Missed = 3;

    private readonly TaskCompletionSource _hasTokens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AsyncServerStreamingCall<StreamChatResponse> _call;
    private readonly SessionInfo _info;
    private readonly Task _reading;
    private long _last;

    private LiveStream(AsyncServerStreamingCall<StreamChatResponse> call, SessionInfo info)
    {
        _call = call;
        _info = info;
        _reading = ReadAsync();
    }

    public static async Task<LiveStream> StartAsync(
        ChatService.ChatServiceClient client, string message, string model = "")
    {
        var call = client.StreamChat(new StreamChatRequest { Message = message, Model = model });
        _ = await call.ResponseStream.MoveNext(CancellationToken.None);
        return new LiveStream(call, call.ResponseStream.Current.SessionInfo);
    }

    /// <summary>A little behind the newest event.</summary>
    public async Task<Resume> PlaceAsync()
    {
        await _hasTokens.Task;
        return new Resume
        {
            StreamId = _info.StreamId,
            Epoch = _info.Epoch,
            AfterSequence = Volatile.Read(ref _last) - Missed,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                Volatile.Write(ref _last, _call.ResponseStream.Current.Sequence);
                if (_last >= Missed)
                {
                    _hasTokens.TrySetResult();
                }
            }
        }
        catch (RpcException)
        {
            // It was disposed of.
        }
    }
}
