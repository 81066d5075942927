using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>oneOf</summary>
internal sealed class OneRule(IReadOnlyList<SchemaNode> forms) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => forms;

    public static OneRule? From(SchemaKeywords keywords) =>
        keywords.Schemas("oneOf") is { } forms ? new(forms) : null;

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        var found = forms.Count(form => check.PassesSilently(form, value, path));
        return found == 1
            || check.Wrong(path, $"It has {found} of the {forms.Count} forms in oneOf; it has to have one.");
    }
}
