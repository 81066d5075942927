namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>The provider's own server-sent events, each of which is one line here.</summary>
internal sealed class SseDecoder(TokenStream stream) : TokenDecoder
{
    protected override int Decode(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (bytes[taken..].IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = bytes.Slice(taken, end);
            taken += end + 1;
            if (line.IndexOf("\"content\":\""u8) is var at and >= 0)
            {
                var text = line[(at + "\"content\":\""u8.Length)..];
                Take(text[..text.IndexOf((byte)'"')], stream);
            }
            else if (line.SequenceEqual("data: [DONE]"u8))
            {
                stream.Mark();
            }
        }

        return taken;
    }
}
