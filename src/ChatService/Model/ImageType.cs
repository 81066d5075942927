using Chat.V1;

namespace ChatGrpc.Model;

/// <summary>A picture must be of the type that it says, and of a type that models read.</summary>
internal static class ImageType
{
    public const int MaxBytes = 10 * 1024 * 1024;

    public static bool IsKnown(string mediaType) =>
        mediaType is "image/png" or "image/jpeg" or "image/gif" or "image/webp";

    public static bool Holds(Image image) => Of(image.Data.Span) == image.MediaType;

    // The first bytes of each format, as its specification has them.
    private static string Of(ReadOnlySpan<byte> data) =>
        data.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : data.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : data.StartsWith("GIF87a"u8) || data.StartsWith("GIF89a"u8) ? "image/gif"
        : data.Length >= 12 && data.StartsWith("RIFF"u8) && data[8..].StartsWith("WEBP"u8) ? "image/webp"
        : "";
}
