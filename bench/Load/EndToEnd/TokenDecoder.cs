using System.Buffers.Text;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>Finds tokens in the bytes of a response, however they are cut.</summary>
internal abstract class TokenDecoder
{
    private byte[] _rest = [];

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_rest.Length > 0)
        {
            bytes = (byte[])[.. _rest, .. bytes];
        }

        var taken = Decode(bytes);
        _rest = taken == bytes.Length ? [] : bytes[taken..].ToArray();
    }

    /// <summary>Takes what is whole; returns how many bytes that was.</summary>
    protected abstract int Decode(ReadOnlySpan<byte> bytes);

    /// <summary>A token's text as the stand-in writes it: " 17@123456789".</summary>
    protected static void Take(ReadOnlySpan<byte> text, TokenStream stream)
    {
        if (Utf8Parser.TryParse(text[1..], out int index, out var digits)
            && Utf8Parser.TryParse(text[(digits + 2)..], out long sent, out _))
        {
            stream.Take(index, sent);
        }
        else
        {
            stream.Fail("A token is not as the stand-in sent it.");
        }
    }
}
