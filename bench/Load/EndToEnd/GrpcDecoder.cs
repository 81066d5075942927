using System.Buffers.Binary;
using System.Text;
using Chat.V1;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>The service's messages, whose sequences have to be dense too.</summary>
internal sealed class GrpcDecoder(TokenStream stream) : TokenDecoder
{
    private const int HeaderBytes = 5;

    private long _next = 1;

    protected override int Decode(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (bytes.Length - taken >= HeaderBytes)
        {
            var end = taken + HeaderBytes + BinaryPrimitives.ReadInt32BigEndian(bytes[(taken + 1)..]);
            if (end > bytes.Length)
            {
                break;
            }

            Take(StreamChatResponse.Parser.ParseFrom(bytes[(taken + HeaderBytes)..end]));
            taken = end;
        }

        return taken;
    }

    private void Take(StreamChatResponse message)
    {
        if (message.Sequence != 0 && message.Sequence != _next++)
        {
            stream.Fail($"Sequence {message.Sequence} came instead of {_next - 1}.");
        }

        switch (message.EventCase)
        {
            case StreamChatResponse.EventOneofCase.Token:
                Span<byte> text = stackalloc byte[64];
                Take(text[..Encoding.UTF8.GetBytes(message.Token.Text, text)], stream);
                break;
            case StreamChatResponse.EventOneofCase.StreamEnd when message.StreamEnd.State == StreamState.Completed:
                stream.Mark();
                break;
            case StreamChatResponse.EventOneofCase.Error:
                stream.Fail(message.Error.Message);
                break;
        }
    }
}
