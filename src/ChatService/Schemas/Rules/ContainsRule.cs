using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>contains, minContains and maxContains</summary>
internal sealed class ContainsRule(SchemaNode wanted, int least, int? most) : SchemaRule
{
    public static ContainsRule? From(SchemaKeywords keywords) => keywords.Schema("contains") is { } wanted
        ? new(wanted, keywords.Count("minContains") ?? 1, keywords.Count("maxContains"))
        : null;

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        var found = value.EnumerateArray().Count(item => check.PassesSilently(wanted, item, path));
        return found < least ? check.Wrong(path, $"It has to hold at least {least} items of the form in contains.")
            : found <= (most ?? int.MaxValue)
                || check.Wrong(path, $"It may hold at most {most} items of the form in contains.");
    }
}
