using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>Writes a request in OpenAI's JSON.</summary>
internal static class OpenAIRequestWriter
{
    public static ReadOnlyMemory<byte> Write(ModelRequest request, string maxTokensName) => WireWriting.Object(json =>
    {
        json.WriteString("model"u8, request.Model);
        WriteMessages(json, request);
        json.WriteBoolean("stream"u8, true);
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
        json.WriteIfSet("temperature"u8, request.Temperature);
        json.WriteIfSet("top_p"u8, request.TopP);
        if (request.MaxOutputTokens is { } maxTokens)
        {
            json.WriteNumber(maxTokensName, maxTokens);
        }

        json.WriteIfAny("stop"u8, request.Stop);
        if (request.Seed is { } seed)
        {
            json.WriteNumber("seed"u8, seed);
        }
    });

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
                json.WriteBase64("url"u8, $"data:{part.Image.MediaType};base64,", part.Image.Data.Span);
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
}
