using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>dependentSchemas</summary>
internal sealed class DependentRule(IReadOnlyList<(string Name, SchemaNode Schema)> dependent) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => dependent.Select(pair => pair.Schema);

    public static DependentRule? From(SchemaKeywords keywords) =>
        keywords.Members("dependentSchemas") is { Count: > 0 } dependent ? new(dependent) : null;

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        var holds = true;
        foreach (var (name, schema) in dependent)
        {
            check.Step();
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out _))
            {
                holds &= check.Passes(schema, value, path);
            }
        }

        return holds;
    }
}
