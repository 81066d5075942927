using System.Net;

namespace Grpc.Tests.Server.Kit;

/// <summary>A request body that a test writes piece by piece.</summary>
internal sealed class OpenBody : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task SendAsync(byte[] bytes)
    {
        var stream = await _stream.Task.WithinLimit();
        await stream.WriteAsync(bytes).AsTask().WithinLimit();
        await stream.FlushAsync().WithinLimit();
    }

    public void End() => _ended.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The flush sends the request headers before there is a body.
        await stream.FlushAsync(cancellationToken);
        _stream.TrySetResult(stream);
        await _ended.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
