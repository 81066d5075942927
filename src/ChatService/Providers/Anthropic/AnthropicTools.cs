using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>Writes tools, calls and results in Anthropic's JSON.</summary>
internal static class AnthropicTools
{
    public static void Write(Utf8JsonWriter json, ModelRequest request)
    {
        var calls = request.Messages.SelectMany(message => message.Calls);
        if (request.Tools.Count > 0)
        {
            WriteTools(json, request.Tools);
        }
        else if (calls.Select(call => call.Name).Distinct().ToArray() is { Length: > 0 } called)
        {
            // The wire refuses a conversation with calls, or answers nothing to it, where no tool is offered: those
            // that were called are, with the word that none of them is to be called again.
            WriteTools(json, [.. called.Select(name => new ModelTool(name, "", """{"type":"object"}"""))]);
            json.WriteStartObject("tool_choice"u8);
            json.WriteString("type"u8, "none"u8);
            json.WriteEndObject();
        }
    }

    /// <summary>The blocks of a message that stand behind its text.</summary>
    public static void Write(Utf8JsonWriter json, ModelMessage message)
    {
        foreach (var call in message.Calls)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, call.Id);
            json.WriteString("name"u8, call.Name);
            json.WriteObject("input"u8, call.ArgumentsJson);
            json.WriteEndObject();
        }

        foreach (var result in message.Results)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "tool_result"u8);
            json.WriteString("tool_use_id"u8, result.CallId);
            if (!string.IsNullOrWhiteSpace(result.Text))
            {
                json.WriteString("content"u8, result.Text);
            }

            if (result.IsError)
            {
                json.WriteBoolean("is_error"u8, true);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteTools(Utf8JsonWriter json, IReadOnlyList<ModelTool> tools)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description);
            json.WriteObject("input_schema"u8, tool.ParametersSchema);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
