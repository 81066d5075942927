using System.Text.Json;

namespace ChatGrpc.Schemas;

/// <summary>The keywords of one schema, each with the kind of value that it has to have.</summary>
internal sealed class SchemaKeywords(SchemaParser parser, JsonElement schema, SchemaPlace place)
{
    /// <summary>Null: it is not there.</summary>
    public JsonElement? Any(string name) => schema.TryGetProperty(name, out var value) ? value : null;

    public SchemaNode? Schema(string name) => Any(name) is { } value ? parser.Node(value, place.At(name)) : null;

    /// <summary>A list of schemas, which are at least one.</summary>
    public IReadOnlyList<SchemaNode>? Schemas(string name)
    {
        if (Any(name) is not { } value)
        {
            return null;
        }

        var at = place.At(name);
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? [.. value.EnumerateArray().Select((item, index) => parser.Node(item, at.At(index)))]
            : throw at.Wrong("is no list of schemas");
    }

    /// <summary>An object whose members are schemas; empty: it is not there.</summary>
    public IReadOnlyList<(string Name, SchemaNode Schema)> Members(string name)
    {
        var at = place.At(name);
        return [.. ObjectOf(name).Select(member => (member.Name, parser.Node(member.Value, at.At(member.Name))))];
    }

    public SchemaNode? Reference() => Any("$ref") is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? parser.Referred(value.GetString()!, place.At("$ref"))
        : throw place.At("$ref").Wrong("is no text");

    /// <summary>A whole number from 0.</summary>
    public int? Count(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            && number >= 0 && double.IsInteger(number) ? (int)Math.Min(number, int.MaxValue)
        : throw place.At(name).Wrong("is no whole number from 0");

    public JsonElement? Number(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number ? value
        : throw place.At(name).Wrong("is no number");

    public string? Text(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw place.At(name).Wrong("is no text");

    public bool Flag(string name) => Any(name) is { } value && (value.ValueKind is JsonValueKind.True
        || (value.ValueKind is JsonValueKind.False ? false : throw place.At(name).Wrong("is neither true nor false")));

    /// <summary>A list of texts; empty: it is not there.</summary>
    public IReadOnlyList<string> Texts(string name) => Any(name) is { } value ? Texts(value, place.At(name)) : [];

    /// <summary>An object whose members are lists of texts; empty: it is not there.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Texts)> TextsByName(string name)
    {
        var at = place.At(name);
        return [.. ObjectOf(name).Select(member => (member.Name, Texts(member.Value, at.At(member.Name))))];
    }

    /// <param name="how">What follows the keyword's place in a sentence.</param>
    public SchemaException Wrong(string name, string how) => place.At(name).Wrong(how);

    private static IReadOnlyList<string> Texts(JsonElement value, SchemaPlace at) =>
        value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : throw at.Wrong("is no list of texts");

    private JsonElement.ObjectEnumerator ObjectOf(string name) => Any(name) is not { } value ? default
        : value.ValueKind == JsonValueKind.Object ? value.EnumerateObject()
        : throw place.At(name).Wrong("is no object");
}
