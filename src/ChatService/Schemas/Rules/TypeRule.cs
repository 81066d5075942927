using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>type</summary>
internal sealed class TypeRule(IReadOnlyList<string> types) : SchemaRule
{
    private static readonly string[] Known = ["null", "boolean", "integer", "number", "string", "array", "object"];

    public static TypeRule? From(SchemaKeywords keywords)
    {
        if (keywords.Any("type") is not { } type)
        {
            return null;
        }

        var types = type.ValueKind == JsonValueKind.String ? [type.GetString()!] : keywords.Texts("type");
        return types.Count > 0 && types.All(Known.Contains)
            ? new(types)
            : throw keywords.Wrong("type", $"is none of {string.Join(", ", Known)}, nor a list of them");
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        var type = TypeOf(value);
        return types.Contains(type)
            || (type == "number" && types.Contains("integer") && NumberRule.IsWhole(value))
            || check.Wrong(path, $"It has to be of type {string.Join(" or ", types)}, not {type}.");
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "number",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };
}
