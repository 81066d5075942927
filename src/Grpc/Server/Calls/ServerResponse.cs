using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>
/// The response side of a call. A write hands its message to the server and starts the flush, but waits only for the
/// flush before it: at the pace of a token stream that one is long over, so a write neither allocates nor changes
/// threads, and a client that does not read still holds its writer back, one message later.
/// </summary>
internal sealed class ServerResponse
{
    // The HTTP/2 error codes of RFC 9113, section 7.
    private const int ResetInternalError = 2;
    private const int ResetCancel = 8;

    // Hints to buffer are obeyed up to here, so that a handler that only hints cannot fill the memory.
    private const long MostBufferedBytes = 64 * 1024;

    private readonly HttpContext _http;
    private readonly CallLifetime _lifetime;
    private readonly PipeWriter _body;
    private readonly FrameWriter _frames;
    private readonly ResponseGate _gate = new();
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PendingFlush _flush;
    private CallEnding? _ending;
    private bool _hasStarted;

    public ServerResponse(HttpContext http, CallLifetime lifetime)
    {
        _http = http;
        _lifetime = lifetime;
        _body = http.Response.BodyWriter;
        _frames = new FrameWriter(_body, maxMessageBytes: null);
    }

    /// <summary>Ends when the client has been told the end of the call, or cannot be told.</summary>
    public Task Completed => _completed.Task;

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
                _http.Response.Headers.Append(name, value);
            }

            _hasStarted = true;
            await _body.FlushAsync(CancellationToken.None);
        }
        finally
        {
            EndWrite();
        }
    }

    /// <summary>Ends the call, after the write under way if there is one. To be called once.</summary>
    public void End(CallEnding ending)
    {
        _ending = ending;
        if (_gate.Move(ResponseMove.End) == ResponseState.Idle)
        {
            _ = CompleteAsync(ending);
        }
    }

    /// <summary>Cuts the call off, for a client that does not take its end.</summary>
    public bool TryReset()
    {
        if (Completed.IsCompleted)
        {
            return false;
        }

        Reset(ResetCancel);
        return true;
    }

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
            using (token.UnsafeRegister(static state => ((ServerResponse)state!).GiveUp(), this))
            {
                flushed = await _flush.Take();
            }

            token.ThrowIfCancellationRequested();
            Write(flushed, message, marshaller, flags);
        }
        finally
        {
            EndWrite();
        }
    }

    // Handlers pass the call's own token too: then the call ends as it does between writes, with its status.
    private void GiveUp()
    {
        if (!_lifetime.IsAbandoned)
        {
            Reset(ResetCancel);
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

        var bytesBefore = _body.UnflushedBytes;
        try
        {
            _frames.Write(message, marshaller);
        }
        catch (Exception) when (_body.UnflushedBytes > bytesBefore)
        {
            // Part of a frame is in the response and cannot be taken back: no trailer could be read after it.
            Reset(ResetInternalError);
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
            if (_lifetime.Reason != EndReason.ClientGone)
            {
                AppendTrailers(ending);
                await _http.Response.CompleteAsync();
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
    }

    private void AppendTrailers(CallEnding ending)
    {
        Action<HttpResponse, Status, Metadata> write = _hasStarted ? CallTrailers.Append : CallTrailers.WriteAlone;
        write(_http.Response, ending.Status, ending.Trailers);
    }

    private OperationCanceledException NobodyListens() =>
        new("The call has ended: its client is gone or its deadline has passed.", _lifetime.Token);

    private void Reset(int errorCode) => _http.Features.Get<IHttpResetFeature>()?.Reset(errorCode);
}
