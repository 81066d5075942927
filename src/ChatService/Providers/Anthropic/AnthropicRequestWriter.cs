using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>
/// Writes a request in Anthropic's JSON. The wire has no seed, so a request's is left out; its temperature ends at 1,
/// and the provider itself refuses a higher one in words.
/// </summary>
internal static class AnthropicRequestWriter
{
    // The wire wants a bound. Every model that is offered takes this one; it is some twenty pages.
    private const long DefaultMaxTokens = 8192;

    public static HttpContent Write(ModelRequest request) => WireBody.Of(json =>
    {
        json.WriteString("model"u8, request.Model);
        json.WriteNumber("max_tokens"u8, request.MaxOutputTokens ?? DefaultMaxTokens);
        if (request.Instructions.Length > 0)
        {
            json.WriteString("system"u8, request.Instructions);
        }

        WriteMessages(json, request.Messages);
        json.WriteBoolean("stream"u8, true);
        json.WriteOptional("temperature"u8, request.Temperature);
        json.WriteOptional("top_p"u8, request.TopP);
        json.WriteOptional("stop_sequences"u8, request.Stop);
    });

    // The wire wants a user's message first. Where a limit cut the conversation, that may be the second.
    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<ModelMessage> messages)
    {
        json.WriteStartArray("messages"u8);
        ModelRole? open = null;
        foreach (var message in messages.SkipWhile(message => message.Role == ModelRole.Assistant))
        {
            foreach (var part in message.Parts.Where(HasContent))
            {
                if (open != message.Role)
                {
                    End(json, open);
                    Begin(json, message.Role);
                    open = message.Role;
                }

                WritePart(json, part);
            }
        }

        End(json, open);
        json.WriteEndArray();
    }

    private static void Begin(Utf8JsonWriter json, ModelRole role)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role == ModelRole.Assistant ? "assistant"u8 : "user"u8);
        json.WriteStartArray("content"u8);
    }

    private static void End(Utf8JsonWriter json, ModelRole? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    // The wire refuses a text of nothing but spaces.
    private static bool HasContent(Part part) =>
        part.ContentCase == Part.ContentOneofCase.Image || !string.IsNullOrWhiteSpace(part.Text);

    private static void WritePart(Utf8JsonWriter json, Part part)
    {
        json.WriteStartObject();
        if (part.ContentCase == Part.ContentOneofCase.Image)
        {
            json.WriteString("type"u8, "image"u8);
            json.WriteStartObject("source"u8);
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, part.Image.MediaType);
            json.WritePropertyName("data"u8);
            json.WriteBase64("", part.Image.Data.Span);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, part.Text);
        }

        json.WriteEndObject();
    }
}
