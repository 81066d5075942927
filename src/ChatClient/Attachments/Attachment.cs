using System.Text;
using Chat.V1;
using Google.Protobuf;

namespace ChatGrpc.Client.Attachments;

/// <summary>A file that goes with a message, and why it cannot.</summary>
internal readonly record struct Attachment(Part? Part, string Error)
{
    // The service's own bounds; told here, before anything is sent.
    private const long MaxImageBytes = 10 * 1024 * 1024;
    private const int MaxTextScalars = 100_000;

    // A scalar has at most four bytes; beyond this there is no need to read.
    private const long MaxTextBytes = 4 * MaxTextScalars;

    /// <summary>A picture; its type is told by its bytes.</summary>
    public static Attachment Image(string path)
    {
        if (Read(path, MaxImageBytes, "an image has at most 10 MiB", out var bytes) is { } error)
        {
            return Refused(error);
        }

        if (MediaType(bytes) is not { } mediaType)
        {
            return Refused($"{path} is no PNG, JPEG, GIF or WebP image.");
        }

        var image = new Image { MediaType = mediaType, Data = UnsafeByteOperations.UnsafeWrap(bytes) };
        return new(new Part { Image = image }, "");
    }

    /// <summary>A text, in a fence under its name.</summary>
    public static Attachment Text(string path)
    {
        if (Read(path, MaxTextBytes, $"a text has at most {MaxTextScalars:N0} characters", out var bytes) is { } error)
        {
            return Refused(error);
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                return Refused($"{path} is no text: it holds NUL bytes.");
            }

            var part = $"{Path.GetFileName(path)}:\n{Fenced(text)}";
            return part.EnumerateRunes().Count() <= MaxTextScalars
                ? new(new Part { Text = part }, "")
                : Refused($"{path} is too large: a text has at most {MaxTextScalars:N0} characters.");
        }
        catch (DecoderFallbackException)
        {
            return Refused($"{path} is no text in UTF-8; if it is a picture, attach it as an image.");
        }
    }

    private static string? Read(string path, long maxBytes, string bound, out byte[] bytes)
    {
        bytes = [];
        try
        {
            var file = new FileInfo(path);
            if (Directory.Exists(path))
            {
                return $"{path} is a folder; attach its files one by one.";
            }

            if (file.Exists && file.Length > maxBytes)
            {
                return $"{path} is too large: {bound}.";
            }

            bytes = File.ReadAllBytes(path);
            return bytes.Length == 0 ? $"{path} is empty." : null;
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"{path} cannot be read: {unreadable.Message}";
        }
    }

    // Longer than every run of backticks inside, so that none of them ends it.
    private static string Fenced(string text)
    {
        var longest = 0;
        var run = 0;
        foreach (var unit in text)
        {
            run = unit == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}\n{text}{(text.EndsWith('\n') ? "" : "\n")}{fence}";
    }

    // The first bytes of each format, as its specification has them.
    private static string? MediaType(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? "image/gif"
        : bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;

    private static Attachment Refused(string error) => new(null, error);
}
