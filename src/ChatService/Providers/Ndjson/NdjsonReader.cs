using System.Buffers;
using System.Runtime.CompilerServices;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ndjson;

/// <summary>Reads one line from its bytes, which are valid during the call only.</summary>
internal delegate T NdjsonLineParser<out T>(ReadOnlySpan<byte> line);

/// <summary>Reads lines of JSON from bytes as they arrive: a line is handed on with its newline.</summary>
internal static class NdjsonReader
{
    // Some deltas at once, since each is a hundred bytes or two; it grows with a longer line.
    private const int FirstBufferBytes = 4096;

    /// <summary>
    /// What the lines of a body were parsed to. A line ends with LF or CRLF; what the body ends with instead was cut
    /// off and is not handed on. Moving on throws <see cref="EventTooLargeException"/> for a line over the limit, and
    /// what the stream throws.
    /// </summary>
    /// <param name="body">Left open.</param>
    /// <param name="parse">Gets a line without its ending; empty ones too.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Stream body, NdjsonLineParser<T> parse, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            var filled = 0;
            while (true)
            {
                var read = await body.ReadAsync(buffer.AsMemory(filled), cancellationToken);
                if (read == 0)
                {
                    yield break;
                }

                // A newline is looked for once in each byte, however long the line becomes.
                var line = 0;
                var searched = filled;
                filled += read;
                while (buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n') is >= 0 and var newline)
                {
                    var end = searched + newline;
                    ThrowIfTooLarge(end - line);
                    yield return parse(WithoutReturn(buffer.AsSpan(line, end - line)));
                    line = searched = end + 1;
                }

                filled -= line;
                ThrowIfTooLarge(filled);
                buffer.AsSpan(line, filled).CopyTo(buffer);
                if (filled == buffer.Length)
                {
                    buffer = Grown(buffer);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void ThrowIfTooLarge(int lineBytes)
    {
        if (lineBytes > EventTooLargeException.MaxBytes)
        {
            throw new EventTooLargeException();
        }
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) =>
        line is [.., (byte)'\r'] ? line[..^1] : line;

    private static byte[] Grown(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
