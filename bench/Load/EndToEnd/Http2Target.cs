using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Chat.V1;
using Google.Protobuf;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>A server of HTTP/2 in cleartext: the relay, which passes OpenAI's wire on, or the service.</summary>
internal sealed class Http2Target(Uri address, bool isGrpc) : ITarget
{
    // A gateway's few connections, each with many streams.
    private const int Connections = 4;

    private readonly Http2Connection[] _connections =
        [.. Enumerable.Range(0, Connections).Select(_ => new Http2Connection(address.Port))];

    private int _opened;

    public void Open(string order, TokenStream stream)
    {
        var body = isGrpc ? Message(order) : Encoding.UTF8.GetBytes(ChatBody.Of(order));
        TokenDecoder decoder = isGrpc ? new GrpcDecoder(stream) : new SseDecoder(stream);
        _connections[_opened++ % Connections].Open(Headers(body.Length), body, stream, decoder);
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    /// <summary>Of a call of StreamChat.</summary>
    public static byte[] Headers(Uri service) => Http2Frames.Literals(
        (":method", "POST"), (":scheme", "http"), (":path", "/chat.v1.ChatService/StreamChat"),
        (":authority", service.Authority), ("content-type", "application/grpc"), ("te", "trailers"));

    /// <summary>The request of a call of StreamChat, in its frame.</summary>
    public static byte[] Message(string order)
    {
        var message = new StreamChatRequest { Message = order };
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        return frame;
    }

    private byte[] Headers(int length) => isGrpc
        ? Headers(address)
        : Http2Frames.Literals(
            (":method", "POST"), (":scheme", "http"), (":path", "/v1/chat/completions"),
            (":authority", address.Authority), ("content-type", "application/json"),
            ("content-length", length.ToString(CultureInfo.InvariantCulture)));
}
