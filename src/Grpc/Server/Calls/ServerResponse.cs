using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>
/// The response side of a call. A write hands its message to the server and starts the flush, but waits only for the
/// flush before it: at the pace of a token stream that one is long over, so a write neither allocates nor changes
/// threads, and a client that does not read still holds its writer back, one message later.
/// </summary>
internal sealed class ServerResponse : IAsyncDisposable
{
    // Hints to buffer are obeyed up to here, so that a handler that only hints cannot fill the memory.
    private const long MostBufferedBytes = 64 * 1024;

    // The time that a client which read too slowly has to take the status.
    private static readonly TimeSpan EndingGrace = TimeSpan.FromSeconds(5);

    private readonly HttpContext _http;
    private readonly TimeProvider _clock;
    private readonly CallLifetime _lifetime;
    private readonly PipeWriter _body;
    private readonly ResponseFrames _frames;
    private readonly WriteDeadline _deadline;
    private readonly ResponseGate _gate = new();
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PendingFlush _flush;
    private CallEnding? _ending;
    private bool _hasStarted;

    public ServerResponse(HttpContext http, WireMode mode, CallLifetime lifetime, TimeProvider clock)
    {
        _http = http;
        _clock = clock;
        _lifetime = lifetime;
        _body = http.Response.BodyWriter;
        _frames = new ResponseFrames(http.Response, mode);
        _deadline = new WriteDeadline(clock, OnReaderTooSlow);
    }

    /// <summary>Ends when the client has been told the end of the call, or cannot be told.</summary>
    public Task Completed => _completed.Task;

    /// <summary>Whether the client was not told the end, for it took nothing more.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>Writes one message.</summary>
    public Task WriteAsync<T>(T message, Marshaller<T> marshaller, WriteFlags flags, CancellationToken token)
    {
        if (TryBegin(token) is { } refusal)
        {
            return refusal;
        }

        if (!_flush.IsCompleted)
        {
            return WriteAfterFlushAsync(message, marshaller, flags, token);
        }

        try
        {
            Write(_flush.TakeResult(), message, marshaller, flags);
            return Task.CompletedTask;
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
        finally
        {
            EndWrite();
        }
    }

    /// <summary>Compresses what is worth it from here on, unless the headers, which have to say so, are sent.</summary>
    public void Compress()
    {
        if (!_hasStarted)
        {
            _frames.Compress();
        }
    }

    /// <summary>Sends the response headers.</summary>
    public async Task SendHeadersAsync(Metadata headers)
    {
        if (TryBegin(CancellationToken.None) is { } refusal)
        {
            await refusal;
        }

        try
        {
            if (_hasStarted)
            {
                throw new InvalidOperationException("The response headers have been sent.");
            }

            foreach (var (name, value) in MetadataHeaders.Format(headers))
            {
                CallTrailers.Add(_http.Response.Headers, name, value);
            }

            _hasStarted = true;
            _deadline.BeginWait();
            await _body.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _deadline.EndWait();
            EndWrite();
        }
    }

    /// <summary>Ends the call, after the write under way if there is one. The first end counts.</summary>
    public void End(CallEnding ending)
    {
        if (Interlocked.CompareExchange(ref _ending, ending, null) is null
            && _gate.Move(ResponseMove.End) == ResponseState.Idle)
        {
            _ = CompleteAsync(ending);
        }
    }

    /// <summary>Cuts the call off, unless its client has taken its end.</summary>
    public void CutOff()
    {
        if (!Completed.IsCompleted)
        {
            WasCutOff = true;
            _http.CutOff(StreamError.Cancel);
        }
    }

    public ValueTask DisposeAsync() => _deadline.DisposeAsync();

    private Task? TryBegin(CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return Task.FromCanceled(token);
        }

        if (_lifetime.IsAbandoned)
        {
            return Task.FromException(NobodyListens());
        }

        try
        {
            _gate.Move(ResponseMove.BeginWrite);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return Task.FromException(e);
        }
    }

    private async Task WriteAfterFlushAsync<T>(
        T message, Marshaller<T> marshaller, WriteFlags flags, CancellationToken token)
    {
        try
        {
            FlushResult flushed;
            _deadline.BeginWait();
            using (token.UnsafeRegister(static state => ((ServerResponse)state!).GiveUp(), this))
            {
                flushed = await _flush.Take();
            }

            token.ThrowIfCancellationRequested();
            if (_lifetime.IsAbandoned)
            {
                throw NobodyListens();
            }

            Write(flushed, message, marshaller, flags);
        }
        finally
        {
            _deadline.EndWait();
            EndWrite();
        }
    }

    // The client may still read what it was sent and find the status behind it; if it does not, it is cut off.
    private void OnReaderTooSlow()
    {
        if (_lifetime.ReaderTooSlow())
        {
            _body.CancelPendingFlush();
        }
        else
        {
            CutOff();
        }
    }

    // Handlers pass the call's own token too: then the call ends as it does between writes, with its status.
    private void GiveUp()
    {
        if (!_lifetime.IsAbandoned)
        {
            _http.CutOff(StreamError.Cancel);
        }
    }

    private void Write<T>(FlushResult flushed, T message, Marshaller<T> marshaller, WriteFlags flags)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (flushed.IsCompleted)
        {
            _lifetime.ClientGone();
            throw NobodyListens();
        }

        try
        {
            _frames.WriteMessage(message, marshaller);
        }
        catch (Exception) when (_frames.IsBroken)
        {
            // Part of a frame is in the response and cannot be taken back: no trailer could be read after it.
            _http.CutOff(StreamError.Internal);
            throw;
        }

        _hasStarted = true;
        if ((flags & WriteFlags.BufferHint) == 0 || _body.UnflushedBytes > MostBufferedBytes)
        {
            // Without the caller's token: the flush may outlast the write, and a cancelled flush resets the call.
            _flush.Set(_body.FlushAsync(CancellationToken.None));
        }
    }

    private void EndWrite()
    {
        if (_gate.Move(ResponseMove.EndWrite) == ResponseState.Ending)
        {
            _ = CompleteAsync(_ending!);
        }
    }

    private async Task CompleteAsync(CallEnding ending)
    {
        try
        {
            _deadline.BeginWait();
            if (_lifetime.Reason != EndReason.ClientGone)
            {
                _frames.WriteEnd(ending, alone: !_hasStarted);
                await _http.Response.CompleteAsync();
            }

            if (_lifetime.Reason == EndReason.ReaderTooSlow)
            {
                await CutOffLaterAsync();
            }

            await _flush.Take();
            _completed.TrySetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client left while it was told the end.
            _completed.TrySetResult();
        }
        catch (Exception e)
        {
            _completed.TrySetException(e);
        }
        finally
        {
            _deadline.EndWait();
        }
    }

    // The server took the end, and would keep it with what is unread for as long as the client likes.
    private async Task CutOffLaterAsync()
    {
        await Task.Delay(EndingGrace, _clock, _http.RequestAborted);
        CutOff();
    }

    private OperationCanceledException NobodyListens() =>
        new("The call has ended: its client is gone or too slow, or its deadline has passed.", _lifetime.Token);
}
