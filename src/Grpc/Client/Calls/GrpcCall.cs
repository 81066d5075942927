using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client.Requests;
using Grpc.Net.Client.Responses;

namespace Grpc.Net.Client.Calls;

/// <summary>One call: sends its request, reads its response frames, and ends with exactly one status.</summary>
internal sealed class GrpcCall : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallLifetime _lifetime;
    private readonly bool _hasOneResponse;
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RequestBody? _requests;
    private HttpResponseMessage? _response;
    private ResponseFrames? _frames;
    private bool _hasReadMessage;

    public GrpcCall(GrpcChannel channel, MethodType type, CallOptions options)
    {
        _channel = channel;
        _hasOneResponse = type is MethodType.Unary or MethodType.ClientStreaming;
        _lifetime = new CallLifetime(channel, options, Release);
        ObserveFailure(_headers.Task);
    }

    public Task<Metadata> ResponseHeaders => _headers.Task;

    /// <summary>Ends when response frames can be read or the call has ended; never fails.</summary>
    public Task Responded { get; private set; } = Task.CompletedTask;

    /// <summary>A failure nobody awaits must not surface as an unobserved exception of the process.</summary>
    public static void ObserveFailure(Task task) => task.ContinueWith(
        static failed => _ = failed.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Sends the request; what its body makes of an RpcException is how the call ends.</summary>
    public void Start(IMethod method, string? host, CallOptions options, Func<HttpContent> body) =>
        Responded = SendAsync(method, host, options, body);

    /// <summary>Sends the request's head; its messages are still to come.</summary>
    public RequestBody Start(IMethod method, string? host, CallOptions options)
    {
        var requests = _requests = new RequestBody();
        Start(method, host, options, () => requests);
        return requests;
    }

    public Status GetStatus() => _lifetime.Status ?? throw StillRuns();

    public Metadata GetTrailers() => _lifetime.Status is null ? throw StillRuns() : _lifetime.Trailers;

    public void Dispose() => _lifetime.Stop(StopReason.Disposed);

    public void Cancel() => Stop(StopReason.Cancelled);

    /// <summary>Ends the call from this side, unless it has ended before.</summary>
    public void Stop(Status reason) => _lifetime.Stop(reason);

    /// <summary>Begins to read; false when the call has ended. Every true needs an <see cref="ExitRead"/>.</summary>
    public bool TryEnterRead() => _lifetime.TryEnter();

    public void ExitRead() => _lifetime.Leave();

    /// <summary>Takes the next message if it is there.</summary>
    /// <exception cref="RpcException">The bytes are no acceptable message; the call has ended.</exception>
    public bool TryRead<T>(Marshaller<T> marshaller, out T message)
    {
        message = default!;
        try
        {
            // Between the response's head and the reader's turn the call may have been stopped.
            if (_frames is null || _lifetime.Status is not null || !_frames.TryRead(marshaller, out message))
            {
                return false;
            }

            if (_hasOneResponse && _hasReadMessage)
            {
                throw new RpcException(Cardinality("several messages"));
            }

            _hasReadMessage = true;
            return true;
        }
        catch (RpcException e)
        {
            _lifetime.End(e.Status, Metadata.Empty);
            throw Failure();
        }
    }

    /// <summary>Waits for more bytes; false when the response ended with OK.</summary>
    /// <exception cref="RpcException">The call ended otherwise.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync()
    {
        if (_frames is null || _lifetime.Status is not null)
        {
            return EndedWithOk();
        }

        try
        {
            if (await _frames.FillAsync(_lifetime.StopToken).ConfigureAwait(false))
            {
                return true;
            }
        }
        catch (Exception e) when (TransportErrors.IsExpected(e))
        {
            _lifetime.End(DeadlineOr(TransportErrors.ToStatus(e, _channel.Address)), Metadata.Empty);
            throw Failure();
        }

        EndWithTrailers();
        return EndedWithOk();
    }

    /// <summary>False for a call that ended with OK: there are no more messages.</summary>
    public bool EndedWithOk() =>
        _lifetime.Status is { StatusCode: StatusCode.OK } ? false : throw Failure();

    private static Status Cardinality(string sent) =>
        new(StatusCode.Unimplemented, $"The server sent {sent} where the method has exactly one.");

    private static InvalidOperationException StillRuns() => new("The call has not ended yet.");

    private async Task SendAsync(IMethod method, string? host, CallOptions options, Func<HttpContent> body)
    {
        try
        {
            if (_lifetime.Status is not null)
            {
                return;
            }

            var message = RequestFactory.Create(
                _channel.Address, method, host, options.Headers, _lifetime.Remaining, body());
            var response = await _channel.SendAsync(message, _lifetime.StopToken).ConfigureAwait(false);
            await AcceptAsync(response).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            _lifetime.End(e.Status, Metadata.Empty);
        }
        catch (Exception e)
        {
            _lifetime.End(DeadlineOr(TransportErrors.ToStatus(e, _channel.Address)), Metadata.Empty);
        }
        finally
        {
            if (_lifetime.Status is not null)
            {
                _headers.TrySetException(Failure());
            }

            _lifetime.Leave();
        }
    }

    private async Task AcceptAsync(HttpResponseMessage response)
    {
        _response = response;
        if (ResponseHead.Judge(response, out var headers) is { } status)
        {
            _headers.TrySetResult(headers);
            EndWith(status, headers);
            return;
        }

        var body = await response.Content.ReadAsStreamAsync(_lifetime.StopToken).ConfigureAwait(false);
        _frames = new ResponseFrames(body, _channel.MaxReceiveMessageBytes);
        _headers.TrySetResult(headers);
    }

    private void EndWithTrailers()
    {
        var status = ResponseHead.ReadTrailers(_response!, out var trailers);
        if (status.StatusCode == StatusCode.OK && _frames!.HasPartialFrame)
        {
            status = new Status(StatusCode.Internal, "The response ended in the middle of a message.");
        }

        EndWith(status, trailers);
    }

    // OK is what the server thinks; without the message that the method promises it is not OK for the caller.
    private void EndWith(Status status, Metadata trailers)
    {
        var lacksMessage = status.StatusCode == StatusCode.OK && _hasOneResponse && !_hasReadMessage;
        _lifetime.End(lacksMessage ? Cardinality("no message") : status, trailers);
    }

    // A server that enforces the deadline may reset the stream before this side's timer has fired.
    private Status DeadlineOr(Status status) =>
        _lifetime.DeadlineHasPassed ? StopReason.DeadlineExceeded : status;

    private RpcException Failure() => new(_lifetime.Status ?? throw StillRuns(), _lifetime.Trailers);

    // Disposing a response whose end was not read resets the stream, which is how the server learns of it.
    private void Release()
    {
        _requests?.Abandon();
        _response?.Dispose();
        _frames?.Dispose();
    }
}
