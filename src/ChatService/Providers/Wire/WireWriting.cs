using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>Writes the JSON of requests.</summary>
internal static class WireWriting
{
    // Divisible by three, so that each piece of base64 but the last is without padding.
    private const int ImagePieceBytes = 3 * 1024;

    private static readonly JsonWriterOptions Plain = new()
    {
        // The strict encoder would write every Chinese character as six.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>One object, whose members are written by the action.</summary>
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> writeMembers)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, Plain);
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    public static void WriteIfSet(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    public static void WriteIfAny(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>A string of the prefix and the bytes in base64.</summary>
    public static void WriteBase64(
        this Utf8JsonWriter json, ReadOnlySpan<byte> name, string prefix, ReadOnlySpan<byte> bytes)
    {
        json.WritePropertyName(name);
        json.WriteBase64(prefix, bytes);
    }

    /// <summary>The same where no name stands before it, as in an array.</summary>
    public static void WriteBase64(this Utf8JsonWriter json, string prefix, ReadOnlySpan<byte> bytes)
    {
        // In pieces, because as one string a picture of 10 MiB would cost 27 MB beside the body itself.
        json.WriteStringValueSegment(Encoding.UTF8.GetBytes(prefix), isFinalSegment: false);
        Span<byte> encoded = stackalloc byte[ImagePieceBytes / 3 * 4];
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, ImagePieceBytes)];
            _ = Base64.EncodeToUtf8(piece, encoded, out _, out var written);
            json.WriteStringValueSegment(encoded[..written], isFinalSegment: false);
            bytes = bytes[piece.Length..];
        }

        json.WriteStringValueSegment(ReadOnlySpan<byte>.Empty, isFinalSegment: true);
    }
}
