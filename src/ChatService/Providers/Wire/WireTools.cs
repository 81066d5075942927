using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>What the wires have in common of tools.</summary>
internal static class WireTools
{
    /// <summary>Tools as OpenAI writes them, and Ollama after it; nothing, if there are none.</summary>
    public static void WriteFunctions(this Utf8JsonWriter json, IReadOnlyList<ModelTool> tools)
    {
        if (tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description);
            json.WriteObject("parameters"u8, tool.ParametersSchema);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A member that has to be an object, from its text.</summary>
    public static void WriteObject(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string text)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(AsObject(text), skipInputValidation: true);
    }

    /// <summary>
    /// The text if it is a JSON object. What is none, such as arguments that a model never finished, stands in one:
    /// without it the conversation could not be sent at all, since servers read the arguments too.
    /// </summary>
    public static string AsObject(string text) =>
        IsObject(text) ? text
        : string.IsNullOrWhiteSpace(text) ? "{}"
        : JsonSerializer.Serialize(new { text });

    /// <summary>A result in a wire without a mark for failures.</summary>
    public static string Told(ModelCallResult result) => result.IsError ? $"Error: {result.Text}" : result.Text;

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // The second is what the JSON library throws at half a character.
            return false;
        }
    }
}
