using System.Globalization;
using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>What an endpoint says about an error. Every field may be empty: servers differ.</summary>
/// <param name="Message">For people.</param>
/// <param name="Type">A class of errors, such as invalid_request_error.</param>
/// <param name="Code">The error's name, such as context_length_exceeded; or a number as text.</param>
internal sealed record WireErrorBody(string Message, string Type, string Code)
{
    public static readonly WireErrorBody None = new("", "", "");

    /// <summary>The code as an HTTP status, as many servers write it into an error event; or 0.</summary>
    public int Status =>
        int.TryParse(Code, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
        && status is >= 400 and < 600 ? status : 0;

    /// <summary>
    /// Reads {"error": {message, type, code}}, {"error": "text"}, the same fields without the wrapper, and
    /// {"detail": "text"}: between them what every wire here sends. Null if the bytes are no JSON object.
    /// </summary>
    public static WireErrorBody? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            if (!root.TryGetProperty("error"u8, out var error) || error.ValueKind == JsonValueKind.Null)
            {
                return Fields(root);
            }

            return error.ValueKind == JsonValueKind.Object ? Fields(error) : None with { Message = Text(error) };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the JSON library throws at a name that holds half a character.
            return null;
        }
    }

    private static WireErrorBody Fields(JsonElement error)
    {
        var message = Field(error, "message");
        return new(message.Length > 0 ? message : Field(error, "detail"), Field(error, "type"), Field(error, "code"));
    }

    private static string Field(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? Text(value) : "";

    private static string Text(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!,
                JsonValueKind.Number => value.GetRawText(),
                _ => "",
            };
        }
        catch (InvalidOperationException)
        {
            // Half a character in the text: without its words the error still has its status.
            return "";
        }
    }
}
