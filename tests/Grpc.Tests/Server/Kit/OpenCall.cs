using System.Buffers.Binary;
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
        var header = new byte[Frames.HeaderSize];
        await body.ReadExactlyAsync(header).AsTask().WithinLimit();
        var payload = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1))];
        await body.ReadExactlyAsync(payload).AsTask().WithinLimit();
        return parser.ParseFrom(payload);
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
