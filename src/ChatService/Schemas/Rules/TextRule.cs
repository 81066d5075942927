using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>minLength, maxLength and pattern. A length counts characters, not UTF-16 units.</summary>
internal sealed class TextRule(int? least, int? most, SchemaPattern? pattern) : SchemaRule
{
    public static TextRule? From(SchemaKeywords keywords)
    {
        var (least, most) = (keywords.Count("minLength"), keywords.Count("maxLength"));
        var pattern = keywords.Text("pattern") is { } text ? SchemaPattern.Of(text, keywords, "pattern") : null;
        return least is null && most is null && pattern is null ? null : new(least, most, pattern);
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return true;
        }

        var text = value.GetString()!;
        var length = text.Length;
        foreach (var unit in text)
        {
            length -= char.IsLowSurrogate(unit) ? 1 : 0;
        }

        return
            length < least ? check.Wrong(path, $"It has to have at least {least} characters.")
            : length > most ? check.Wrong(path, $"It may have at most {most} characters.")
            : pattern?.Matches(text, check) != false
                || check.Wrong(path, $"It has to match the pattern {SchemaPlace.Shown(pattern.Text)}.");
    }
}
