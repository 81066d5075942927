using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chat.V1;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>Writes a request in OpenAI's JSON.</summary>
internal static class OpenAIRequestWriter
{
    // Divisible by three, so that each piece of base64 but the last is without padding.
    private const int ImagePieceBytes = 3 * 1024;

    private static readonly JsonWriterOptions Plain = new()
    {
        // The strict encoder would write every Chinese character as six.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static ReadOnlyMemory<byte> Write(ModelRequest request, string maxTokensName)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, Plain);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        WriteMessages(json, request);
        json.WriteBoolean("stream"u8, true);
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
        WriteSettings(json, request, maxTokensName);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private static void WriteSettings(Utf8JsonWriter json, ModelRequest request, string maxTokensName)
    {
        if (request.Temperature is { } temperature)
        {
            json.WriteNumber("temperature"u8, temperature);
        }

        if (request.TopP is { } topP)
        {
            json.WriteNumber("top_p"u8, topP);
        }

        if (request.MaxOutputTokens is { } maxTokens)
        {
            json.WriteNumber(maxTokensName, maxTokens);
        }

        if (request.Stop.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in request.Stop)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (request.Seed is { } seed)
        {
            json.WriteNumber("seed"u8, seed);
        }
    }

    private static void WriteMessages(Utf8JsonWriter json, ModelRequest request)
    {
        json.WriteStartArray("messages"u8);
        if (request.Instructions.Length > 0)
        {
            WriteMessage(json, "system"u8, request.Instructions);
        }

        foreach (var message in request.Messages)
        {
            if (message.Role == ModelRole.Assistant)
            {
                // Parts in an assistant's message are refused by many servers, and ours are text only.
                WriteMessage(json, "assistant"u8, string.Concat(message.Parts.Select(part => part.Text)));
            }
            else if (message.Parts is [{ ContentCase: Part.ContentOneofCase.Text } only])
            {
                WriteMessage(json, "user"u8, only.Text);
            }
            else
            {
                WriteParts(json, message.Parts);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        json.WriteStartArray("content"u8);
        foreach (var part in parts)
        {
            json.WriteStartObject();
            if (part.ContentCase == Part.ContentOneofCase.Image)
            {
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WritePropertyName("url"u8);
                WriteDataUri(json, part.Image);
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, part.Text);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // In pieces, because as one string a picture of 10 MiB would cost 27 MB beside the body itself.
    private static void WriteDataUri(Utf8JsonWriter json, Image image)
    {
        json.WriteStringValueSegment(Encoding.UTF8.GetBytes($"data:{image.MediaType};base64,"), isFinalSegment: false);
        var rest = image.Data.Span;
        Span<byte> encoded = stackalloc byte[ImagePieceBytes / 3 * 4];
        while (!rest.IsEmpty)
        {
            var piece = rest[..Math.Min(rest.Length, ImagePieceBytes)];
            _ = Base64.EncodeToUtf8(piece, encoded, out _, out var written);
            json.WriteStringValueSegment(encoded[..written], isFinalSegment: false);
            rest = rest[piece.Length..];
        }

        json.WriteStringValueSegment(ReadOnlySpan<byte>.Empty, isFinalSegment: true);
    }
}
