using System.Buffers;
using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>Writes the JSON of requests.</summary>
internal static class WireBody
{
    // Divisible by three, so that each piece of base64 but the last is without padding.
    private const int PieceBytes = 3 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static readonly JsonWriterOptions Plain = new()
    {
        // The strict encoder would write every Chinese character as six.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>An object with the members that are written.</summary>
    public static HttpContent Of(Action<Utf8JsonWriter> writeMembers)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        var content = new ReadOnlyMemoryContent(body.WrittenMemory);
        content.Headers.ContentType = Json;
        return content;
    }

    /// <summary>A string of base64.</summary>
    /// <remarks>In pieces, because as one string a picture of 10 MiB would cost 27 MB beside the body itself.</remarks>
    /// <param name="prefix">What the string begins with.</param>
    public static void WriteBase64(this Utf8JsonWriter json, string prefix, ReadOnlySpan<byte> data)
    {
        json.WriteStringValueSegment(Encoding.UTF8.GetBytes(prefix), isFinalSegment: false);
        Span<byte> encoded = stackalloc byte[PieceBytes / 3 * 4];
        while (!data.IsEmpty)
        {
            var piece = data[..Math.Min(data.Length, PieceBytes)];
            _ = Base64.EncodeToUtf8(piece, encoded, out _, out var written);
            json.WriteStringValueSegment(encoded[..written], isFinalSegment: false);
            data = data[piece.Length..];
        }

        json.WriteStringValueSegment(ReadOnlySpan<byte>.Empty, isFinalSegment: true);
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } given)
        {
            json.WriteNumber(name, given);
        }
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } given)
        {
            json.WriteNumber(name, given);
        }
    }

    public static void WriteOptional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
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
}
