using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace ChatGrpc.Tools.Http;

/// <summary>The beginning of a body as text, so much of it as fits a number of bytes of UTF-8.</summary>
internal static class BoundedText
{
    /// <returns>The text, and whether it is all of the body.</returns>
    public static async Task<(string Text, bool IsWhole)> ReadAsync(
        Stream body, Encoding encoding, int maxBytes, CancellationToken cancellationToken)
    {
        // A byte above the bound tells whether there is more; unpacked bytes count, so a small bomb stays small.
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        try
        {
            var count = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, maxBytes + 1), maxBytes + 1, throwOnEndOfStream: false, cancellationToken);
            var isWhole = count <= maxBytes;

            // The last character of a part is half there, perhaps, and is left out then.
            var chars = new char[encoding.GetMaxCharCount(count)];
            var length = encoding.GetDecoder().GetChars(buffer.AsSpan(0, count), chars, flush: isWhole);
            var text = StorableText.Of(new string(chars, 0, length));
            _ = Utf8.FromUtf16(text, new byte[maxBytes], out var fitting, out _);
            return (text[..fitting], isWhole && fitting == text.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
