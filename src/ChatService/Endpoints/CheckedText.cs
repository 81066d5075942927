using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ChatGrpc.Endpoints;

/// <summary>
/// Bytes as text that a client hands back: base64url of them and a checksum. The checksum covers the purpose too (the
/// tenant, the listing), so that a text of another one, or one that was changed on its way, is told from a good one. It
/// is no secret: whoever forges one reaches only what is theirs.
/// </summary>
/// <param name="maxBytes">How many there are at most; a stack holds them.</param>
internal sealed class CheckedText(int maxBytes, params string[] purpose)
{
    private const int ChecksumBytes = 8;

    // Ids of usual length fit.
    private const int OnStack = 512;

    private readonly byte[] _purpose = Encoding.UTF8.GetBytes(string.Join('\0', purpose) + '\0');

    public string Write(ReadOnlySpan<byte> content)
    {
        Span<byte> bytes = stackalloc byte[content.Length + ChecksumBytes];
        content.CopyTo(bytes);
        Checksum(content, bytes[content.Length..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>How many bytes there are; -1: it is no such text.</returns>
    public int Read(string text, Span<byte> content)
    {
        Span<byte> bytes = stackalloc byte[maxBytes + ChecksumBytes];
        if (text.Length > Base64Url.GetEncodedLength(bytes.Length)
            || !Base64Url.IsValid(text, out var count) || count < ChecksumBytes || count > bytes.Length)
        {
            return -1;
        }

        // There is one way to write it; white space, padding and spare bits make others of it.
        bytes = bytes[..Base64Url.DecodeFromChars(text, bytes)];
        if (Base64Url.EncodeToString(bytes) != text)
        {
            return -1;
        }

        var length = bytes.Length - ChecksumBytes;
        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        Checksum(bytes[..length], checksum);
        bytes[..length].CopyTo(content);
        return bytes[length..].SequenceEqual(checksum) ? length : -1;
    }

    private void Checksum(ReadOnlySpan<byte> content, Span<byte> checksum)
    {
        var length = _purpose.Length + content.Length;
        var covered = length <= OnStack ? stackalloc byte[length] : new byte[length];
        _purpose.CopyTo(covered);
        content.CopyTo(covered[_purpose.Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(covered, hash);
        hash[..ChecksumBytes].CopyTo(checksum);
    }
}
