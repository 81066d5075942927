using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ChatGrpc.Security;

/// <summary>
/// What a key looks like, and what is kept of it. A key is 256 random bits: nobody finds one by trying, so a plain hash
/// keeps it as well as a slow one, and costs each call a microsecond.
/// </summary>
internal static class ApiKey
{
    public const string HashPrefix = "sha256:";

    /// <summary>Tells people and secret scanners what they have found.</summary>
    public const string Prefix = "chat_";

    private const int SecretBytes = 32;

    // 32 bytes in base64url without padding.
    private const int Length = 5 + 43;

    private static readonly SearchValues<char> SecretCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool IsWellFormed(ReadOnlySpan<char> key) =>
        key.Length == Length
        && key.StartsWith(Prefix, StringComparison.Ordinal)
        && !key[Prefix.Length..].ContainsAnyExcept(SecretCharacters);

    /// <summary>As <see cref="KeyOptions.Hash"/> has it.</summary>
    public static string HashSetting(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        return HashPrefix + Convert.ToHexStringLower(hash);
    }

    /// <param name="key">Well-formed.</param>
    /// <param name="hash">32 bytes, which are written.</param>
    public static void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[Length];
        SHA256.HashData(ascii[..Encoding.ASCII.GetBytes(key, ascii)], hash);
    }

    /// <summary>Null: the setting is no hash.</summary>
    public static byte[]? ParseHash(string setting)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        return setting.StartsWith(HashPrefix, StringComparison.Ordinal)
            && setting.Length == HashPrefix.Length + (2 * hash.Length)
            && Convert.FromHexString(setting.AsSpan(HashPrefix.Length), hash, out _, out _) == OperationStatus.Done
                ? hash
                : null;
    }
}
