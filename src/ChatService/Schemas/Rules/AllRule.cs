using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>$ref and allOf</summary>
internal sealed class AllRule(IReadOnlyList<SchemaNode> all) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => all;

    public static AllRule? From(SchemaKeywords keywords)
    {
        var schemas = keywords.Schemas("allOf") ?? [];
        return keywords.Reference() is { } referred ? new([referred, .. schemas])
            : schemas.Count > 0 ? new(schemas)
            : null;
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        var holds = true;
        foreach (var schema in all)
        {
            holds &= check.Passes(schema, value, path);
        }

        return holds;
    }
}
