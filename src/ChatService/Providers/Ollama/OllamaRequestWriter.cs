using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>Writes a request in Ollama's JSON.</summary>
internal static class OllamaRequestWriter
{
    public static HttpContent Write(ModelRequest request) => WireBody.Of(json =>
    {
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("messages"u8);
        if (request.Instructions.Length > 0)
        {
            WriteMessage(json, "system"u8, [new Part { Text = request.Instructions }]);
        }

        foreach (var message in request.Messages)
        {
            WriteMessage(json, message.Role == ModelRole.Assistant ? "assistant"u8 : "user"u8, message.Parts);
        }

        json.WriteEndArray();
        json.WriteBoolean("stream"u8, true);
        json.WriteStartObject("options"u8);
        json.WriteOptional("temperature"u8, request.Temperature);
        json.WriteOptional("top_p"u8, request.TopP);
        json.WriteOptional("num_predict"u8, request.MaxOutputTokens);
        json.WriteOptional("stop"u8, request.Stop);
        json.WriteOptional("seed"u8, request.Seed);
        json.WriteEndObject();
    });

    // A message has one text, and pictures beside it.
    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, IReadOnlyList<Part> parts)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString(
            "content"u8, string.Join("\n\n", parts.Where(part => part.Text.Length > 0).Select(part => part.Text)));
        if (parts.Any(IsImage))
        {
            json.WriteStartArray("images"u8);
            foreach (var part in parts.Where(IsImage))
            {
                json.WriteBase64("", part.Image.Data.Span);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static bool IsImage(Part part) => part.ContentCase == Part.ContentOneofCase.Image;
}
