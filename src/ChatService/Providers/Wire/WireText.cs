using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>
/// Turns the JSON strings of one text's deltas into text as the wire has it. Half a surrogate pair written as an escape
/// comes through as that UTF-16 unit (the JSON library throws at it); bytes of half a character are held until the
/// next delta brings the rest; what can be no character becomes U+FFFD. One instance for each text.
/// </summary>
internal sealed class WireText
{
    // Room on the stack for a usual delta; the decoder may owe three bytes from the delta before.
    private const int StackChars = 256;
    private const int HeldBytes = 3;
    private const int UnicodeEscapeLength = 6;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>The string at which the reader stands.</summary>
    public string Read(ref Utf8JsonReader json)
    {
        var raw = json.ValueSpan;
        var room = Encoding.UTF8.GetMaxCharCount(raw.Length + HeldBytes);
        var rented = room > StackChars ? ArrayPool<char>.Shared.Rent(room) : null;
        var chars = rented ?? stackalloc char[StackChars];
        try
        {
            var count = json.ValueIsEscaped ? Unescape(raw, chars) : _decoder.GetChars(raw, chars, flush: false);
            return new string(chars[..count]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    /// <summary>What is still held when the text ends.</summary>
    public string Flush()
    {
        Span<char> chars = stackalloc char[HeldBytes];
        return new string(chars[.._decoder.GetChars([], chars, flush: true)]);
    }

    private int Unescape(ReadOnlySpan<byte> raw, Span<char> chars)
    {
        var count = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0)
            {
                return count + _decoder.GetChars(raw, chars[count..], flush: false);
            }

            count += _decoder.GetChars(raw[..plain], chars[count..], flush: true);
            var escape = raw[plain..];
            chars[count++] = Unescaped(escape);
            raw = escape[(escape[1] == 'u' ? UnicodeEscapeLength : 2)..];
        }
    }

    // The JSON reader has checked that the escape is one of these and that its digits are all there.
    private static char Unescaped(ReadOnlySpan<byte> escape) => escape[1] switch
    {
        (byte)'n' => '\n',
        (byte)'t' => '\t',
        (byte)'r' => '\r',
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'u' => (char)ushort.Parse(
            escape[2..UnicodeEscapeLength], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        var itself => (char)itself,
    };
}
