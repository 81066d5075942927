using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>
/// Writes a request in Anthropic's JSON. It has no seed, so that one that is asked for is not sent: answers are not
/// repeatable there.
/// </summary>
internal static class AnthropicRequestWriter
{
    public static ReadOnlyMemory<byte> Write(ModelRequest request, long defaultMaxTokens) => WireWriting.Object(json =>
    {
        json.WriteString("model"u8, request.Model);
        json.WriteNumber("max_tokens"u8, request.MaxOutputTokens ?? defaultMaxTokens);
        if (!string.IsNullOrWhiteSpace(request.Instructions))
        {
            json.WriteString("system"u8, request.Instructions);
        }

        WriteMessages(json, request.Messages);
        AnthropicTools.Write(json, request);
        json.WriteBoolean("stream"u8, request.Streaming);
        json.WriteIfSet("temperature"u8, request.Temperature);
        json.WriteIfSet("top_p"u8, request.TopP);
        json.WriteIfAny("stop_sequences"u8, request.Stop);
    });

    /// <summary>The wire refuses texts of white space alone, wherever they stand.</summary>
    public static bool IsSent(Part part) =>
        part.ContentCase == Part.ContentOneofCase.Image || !string.IsNullOrWhiteSpace(part.Text);

    /// <summary>Something of the message is sent.</summary>
    public static bool IsSent(ModelMessage message) =>
        message.Calls.Count > 0 || message.Results.Count > 0 || message.Parts.Any(IsSent);

    // The wire wants the user first and then both in turn. What the model said before the oldest message of the user
    // answers something that is not in the prompt any more, and so do the results of what it called there. Messages of
    // one side in a row are one: results are the user's side, and what the user says next stands behind them.
    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<ModelMessage> messages)
    {
        ModelRole? open = null;
        json.WriteStartArray("messages"u8);
        foreach (var message in messages)
        {
            if ((open is null && message.Role != ModelRole.User) || !IsSent(message))
            {
                continue;
            }

            var side = message.Role == ModelRole.Assistant ? ModelRole.Assistant : ModelRole.User;
            if (open != side)
            {
                Close(json, open);
                json.WriteStartObject();
                json.WriteString("role"u8, side == ModelRole.User ? "user"u8 : "assistant"u8);
                json.WriteStartArray("content"u8);
                open = side;
            }

            foreach (var part in message.Parts.Where(IsSent))
            {
                WritePart(json, part);
            }

            AnthropicTools.Write(json, message);
        }

        Close(json, open);
        json.WriteEndArray();
    }

    private static void Close(Utf8JsonWriter json, ModelRole? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void WritePart(Utf8JsonWriter json, Part part)
    {
        json.WriteStartObject();
        if (part.ContentCase == Part.ContentOneofCase.Image)
        {
            json.WriteString("type"u8, "image"u8);
            json.WriteStartObject("source"u8);
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, part.Image.MediaType);
            json.WriteBase64("data"u8, "", part.Image.Data.Span);
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
