using System.Buffers.Text;
using System.Diagnostics;

namespace ChatGrpc.Bench.StandIn;

/// <param name="IntervalTicks">Between two tokens, in ticks of the monotonic clock; 0: as fast as possible.</param>
internal sealed record Order(int Tokens, long IntervalTicks);

/// <summary>Finds requests in bytes: only the length of the body, and the order inside it, matter.</summary>
internal static class RequestText
{
    /// <summary>The order is "tokens=N rate=R" anywhere in the body, R tokens a second or 0 for no pause.</summary>
    public static bool TryTake(ReadOnlySpan<byte> bytes, out Order? order, out int length)
    {
        order = null;
        length = 0;
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        length = head + 4 + (int)Number(bytes[..head], "Content-Length: "u8);
        if (length > bytes.Length)
        {
            return false;
        }

        var body = bytes[head..length];
        var rate = Number(body, "rate="u8);
        order = new Order((int)Number(body, "tokens="u8), rate == 0 ? 0 : Stopwatch.Frequency / rate);
        return true;
    }

    private static long Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..], out long number, out _)
            ? number
            : throw new FormatException("The request lacks what the stand-in needs.");
    }
}
