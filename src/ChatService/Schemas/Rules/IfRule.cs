using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>if, then and else</summary>
internal sealed class IfRule(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace =>
        new[] { condition, then, otherwise }.OfType<SchemaNode>();

    public static IfRule? From(SchemaKeywords keywords)
    {
        var (then, otherwise) = (keywords.Schema("then"), keywords.Schema("else"));
        return keywords.Schema("if") is { } condition ? new(condition, then, otherwise) : null;
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        var next = check.PassesSilently(condition, value, path) ? then : otherwise;
        return next is null || check.Passes(next, value, path);
    }
}
