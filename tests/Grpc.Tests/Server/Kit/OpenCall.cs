using Google.Protobuf;

namespace Grpc.Tests.Server.Kit;

/// <summary>A call whose response headers are there and whose messages are read one by one.</summary>
internal sealed class OpenCall(HttpResponseMessage response, Stream body) : IDisposable
{
    public HttpResponseMessage Response => response;

    /// <summary>Reads one message.</summary>
    public async Task<T> ReadAsync<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        var frame = await ReadFrameAsync();
        return parser.ParseFrom(frame.AsSpan(Frames.HeaderSize));
    }

    /// <summary>Reads one frame with its header.</summary>
    public async Task<byte[]> ReadFrameAsync()
    {
        var header = await ReadBytesAsync(Frames.HeaderSize);
        return [.. header, .. await ReadBytesAsync(Frames.LengthOf(header) - Frames.HeaderSize)];
    }

    public async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        await body.ReadExactlyAsync(bytes).AsTask().WithinLimit();
        return bytes;
    }

    /// <summary>Reads to the end of the call.</summary>
    public async Task<WireAnswer> ReadRestAsync()
    {
        using var rest = new MemoryStream();
        await body.CopyToAsync(rest).WithinLimit();
        return new WireAnswer(
            response.StatusCode, response.Headers, response.Content.Headers, rest.ToArray(), response.TrailingHeaders);
    }

    /// <summary>Resets the call unless it has ended.</summary>
    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }
}
