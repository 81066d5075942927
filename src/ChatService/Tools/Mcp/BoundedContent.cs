using System.Net;

namespace ChatGrpc.Tools.Mcp;

/// <summary>A server's answer over HTTP, of which each message is bounded, whatever length it tells.</summary>
internal sealed class BoundedContent : HttpContent
{
    private readonly HttpContent _inner;

    public BoundedContent(HttpContent inner)
    {
        _inner = inner;

        // Without the length that it tells: as much memory would be taken before the first byte is there.
        foreach (var (name, values) in inner.Headers.Where(header => header.Key != "Content-Length"))
        {
            _ = Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => BoundedAsync(CancellationToken.None);

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        BoundedAsync(cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var bounded = await BoundedAsync(cancellationToken);
        await bounded.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // A stream of events has no end of its own.
    private async Task<Stream> BoundedAsync(CancellationToken cancellationToken) => new BoundedMessageStream(
        await _inner.ReadAsStreamAsync(cancellationToken),
        Headers.ContentType?.MediaType == "text/event-stream" ? MessageEnd.EmptyLine : MessageEnd.Stream);
}
