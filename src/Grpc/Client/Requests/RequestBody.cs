using System.Net;

namespace Grpc.Net.Client.Requests;

/// <summary>The body of a request whose messages come one by one: the transport's stream, lent to the writer.</summary>
internal sealed class RequestBody : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the messages go, once the request's head has gone; cancelled: the call ended before.</summary>
    public Task<Stream> Opened => _opened.Task;

    /// <summary>Nothing follows.</summary>
    public void Close() => _closed.TrySetResult();

    /// <summary>The call has ended: nobody waits for anything any more.</summary>
    public void Abandon()
    {
        _ = _opened.TrySetCanceled();
        _ = _closed.TrySetCanceled();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The head goes now: a server may answer it before there is a first message.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!_opened.TrySetResult(stream))
        {
            throw new IOException("The server refused a request whose messages cannot be sent a second time.");
        }

        // Not cancelled by the transport: why the call ends is told by its response, and this would come before it.
        await _closed.Task.ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
