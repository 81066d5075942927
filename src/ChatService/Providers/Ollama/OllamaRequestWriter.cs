using System.Text.Json;
using Chat.V1;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>
/// Writes a request in Ollama's JSON. Whether to think is left to the model: asked of one that cannot, it is an error.
/// </summary>
internal static class OllamaRequestWriter
{
    public static ReadOnlyMemory<byte> Write(ModelRequest request) => WireWriting.Object(json =>
    {
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("messages"u8);
        if (request.Instructions.Length > 0)
        {
            WriteMessage(json, "system"u8, new(ModelRole.User, [new Part { Text = request.Instructions }]));
        }

        foreach (var message in request.Messages)
        {
            if (message.Role == ModelRole.Tool)
            {
                WriteResults(json, message.Results);
                continue;
            }

            WriteMessage(json, message.Role == ModelRole.User ? "user"u8 : "assistant"u8, message);
        }

        json.WriteEndArray();
        json.WriteFunctions(request.Tools);
        if (request.Schema is { } schema)
        {
            json.WriteObject("format"u8, schema.JsonSchema);
        }

        json.WriteBoolean("stream"u8, request.Streaming);
        WriteOptions(json, request);
    });

    // A message is one text, with its pictures and its calls beside it.
    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, ModelMessage message)
    {
        var parts = message.Parts;
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, string.Join('\n', parts.Where(IsText).Select(part => part.Text)));
        if (!parts.All(IsText))
        {
            json.WriteStartArray("images"u8);
            foreach (var part in parts.Where(part => !IsText(part)))
            {
                json.WriteBase64("", part.Image.Data.Span);
            }

            json.WriteEndArray();
        }

        WriteCalls(json, message.Calls);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<ModelCall> calls)
    {
        if (calls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteObject("arguments"u8, call.ArgumentsJson);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Told apart by the tool's name and their order: the wire has no ids in most versions.
    private static void WriteResults(Utf8JsonWriter json, IReadOnlyList<ModelCallResult> results)
    {
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "tool"u8);
            json.WriteString("content"u8, WireTools.Told(result));
            json.WriteString("tool_name"u8, result.Name);
            json.WriteEndObject();
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, ModelRequest request)
    {
        if (request is { Temperature: null, TopP: null, MaxOutputTokens: null, Stop.Count: 0, Seed: null })
        {
            return;
        }

        json.WriteStartObject("options"u8);
        json.WriteIfSet("temperature"u8, request.Temperature);
        json.WriteIfSet("top_p"u8, request.TopP);
        if (request.MaxOutputTokens is { } maxTokens)
        {
            json.WriteNumber("num_predict"u8, maxTokens);
        }

        json.WriteIfAny("stop"u8, request.Stop);
        if (request.Seed is { } seed)
        {
            json.WriteNumber("seed"u8, seed);
        }

        json.WriteEndObject();
    }

    private static bool IsText(Part part) => part.ContentCase != Part.ContentOneofCase.Image;
}
