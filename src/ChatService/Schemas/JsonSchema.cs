using System.Text;
using System.Text.Json;

namespace ChatGrpc.Schemas;

/// <summary>
/// A JSON schema, of draft 2020-12: its common keywords. Format, content and what is unknown are not asserted, and
/// neither are the unevaluated ones; references lead to places in the schema itself.
/// </summary>
internal sealed class JsonSchema
{
    /// <summary>Longest schema, in bytes of UTF-8, as the protos have it.</summary>
    public const int MaxBytes = 100_000;

    /// <summary>Deepest nesting of a schema: what the JSON library takes of any JSON by default.</summary>
    public const int MaxDepth = 64;

    private readonly SchemaNode _root;

    private JsonSchema(SchemaNode root) => _root = root;

    /// <summary>Null: it is none, and the error says why in a sentence. Otherwise the error is empty.</summary>
    public static JsonSchema? Parse(string json, out string error)
    {
        error = "";
        if (json.Length > MaxBytes || Encoding.UTF8.GetByteCount(json) > MaxBytes)
        {
            error = $"The schema is longer than {MaxBytes} bytes.";
            return null;
        }

        try
        {
            // Not disposed: the rules keep pieces of it.
            var root = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return new(SchemaParser.Parse(root));
        }
        catch (SchemaException exception)
        {
            error = exception.Message;
        }
        catch (JsonException)
        {
            error = $"The schema is no valid JSON, or is nested deeper than {MaxDepth}.";
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            error = "The schema holds half a character.";
        }

        return null;
    }

    /// <summary>What is wrong with a value, a few errors at most, each as "path: sentence"; empty: nothing.</summary>
    /// <param name="time">Measures how long it takes; null: the machine's.</param>
    public IReadOnlyList<string> Check(JsonElement value, TimeProvider? time = null)
    {
        var check = new SchemaCheck(time ?? TimeProvider.System);
        try
        {
            _ = check.Passes(_root, value, "$");
        }
        catch (SchemaException exception)
        {
            return [$"$: {exception.Message}"];
        }
        catch (InvalidOperationException)
        {
            return ["$: A text in it holds half a character."];
        }

        return check.Errors;
    }
}
