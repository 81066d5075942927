using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>anyOf</summary>
internal sealed class AnyRule(IReadOnlyList<SchemaNode> forms) : SchemaRule
{
    public override IEnumerable<SchemaNode> InPlace => forms;

    public static AnyRule? From(SchemaKeywords keywords) =>
        keywords.Schemas("anyOf") is { } forms ? new(forms) : null;

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        foreach (var form in forms)
        {
            if (check.PassesSilently(form, value, path))
            {
                return true;
            }
        }

        return check.Wrong(path, $"It has none of the {forms.Count} forms in anyOf.");
    }
}
