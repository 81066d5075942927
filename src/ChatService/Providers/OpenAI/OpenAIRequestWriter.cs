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
        json.WriteFunctions(request.Tools);
        WriteFormat(json, request.Schema);
        json.WriteBoolean("stream"u8, request.Streaming);
        if (request.Streaming)
        {
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }

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
            WriteMessage(json, message);
        }

        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, ModelMessage message)
    {
        switch (message)
        {
            case { Role: ModelRole.Tool }:
                foreach (var result in message.Results)
                {
                    WriteResult(json, result);
                }

                break;
            case { Role: ModelRole.Assistant, Calls.Count: > 0 }:
                WriteCalls(json, message);
                break;
            case { Role: ModelRole.Assistant }:
                WriteMessage(json, "assistant"u8, TextOf(message));
                break;
            case { Parts: [{ ContentCase: Part.ContentOneofCase.Text } only] }:
                WriteMessage(json, "user"u8, only.Text);
                break;
            default:
                WriteParts(json, message.Parts);
                break;
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, ModelMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);

        // As OpenAI itself has it in an answer that only calls.
        if (TextOf(message) is { Length: > 0 } text)
        {
            json.WriteString("content"u8, text);
        }
        else
        {
            json.WriteNull("content"u8);
        }

        json.WriteStartArray("tool_calls"u8);
        foreach (var call in message.Calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, WireTools.AsObject(call.ArgumentsJson));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, ModelCallResult result)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.CallId);
        json.WriteString("content"u8, WireTools.Told(result));
        json.WriteEndObject();
    }

    // Not strict: that takes a part of JSON schema only, and refuses the rest.
    private static void WriteFormat(Utf8JsonWriter json, ModelSchema? schema)
    {
        if (schema is null)
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("json_schema"u8);
        json.WriteString("name"u8, schema.Name);
        json.WriteObject("schema"u8, schema.JsonSchema);
        json.WriteBoolean("strict"u8, false);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Parts in an assistant's message are refused by many servers, and ours are text only.
    private static string TextOf(ModelMessage message) => string.Concat(message.Parts.Select(part => part.Text));

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
