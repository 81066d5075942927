using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>not</summary>
internal sealed class NotRule(SchemaNode form) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => [form];

    public static NotRule? From(SchemaKeywords keywords) => keywords.Schema("not") is { } form ? new(form) : null;

    public override bool Holds(JsonElement value, SchemaCheck check, string path) =>
        !check.PassesSilently(form, value, path) || check.Wrong(path, "It may not have the form in not.");
}
