namespace Grpc.Core.Wire;

/// <summary>The text form of <c>-bin</c> values: base64, written without padding, read with or without.</summary>
internal static class BinaryHeader
{
    public static string Encode(ReadOnlySpan<byte> value) => Convert.ToBase64String(value).TrimEnd('=');

    /// <summary>Decodes one value, which must hold no comma.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] value)
    {
        var digits = text.Trim(' ').TrimEnd('=');
        var paddedLength = (digits.Length + 3) / 4 * 4;
        Span<char> padded = paddedLength <= 256 ? stackalloc char[paddedLength] : new char[paddedLength];
        digits.CopyTo(padded);
        padded[digits.Length..].Fill('=');

        value = new byte[paddedLength / 4 * 3];
        if (digits.Contains('=') || digits.ContainsAny(" \t\r\n") || digits.Length % 4 == 1
            || !Convert.TryFromBase64Chars(padded, value, out var length))
        {
            value = [];
            return false;
        }

        Array.Resize(ref value, length);
        return true;
    }
}
