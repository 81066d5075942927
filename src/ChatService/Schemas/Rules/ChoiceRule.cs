using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>enum and const. Numbers are the same if their values are, however they are written.</summary>
internal sealed class ChoiceRule(IReadOnlyList<JsonElement> choices) : SchemaRule
{
    // So much of the choices is told.
    private const int MostShown = 200;

    // Made once: of many choices it is long, and many values may be none of them.
    private string? _wanted;

    public static ChoiceRule? From(SchemaKeywords keywords)
    {
        var constant = keywords.Any("const");
        if (keywords.Any("enum") is not { } list)
        {
            return constant is { } only ? new([only]) : null;
        }

        return list.ValueKind != JsonValueKind.Array
            ? throw keywords.Wrong("enum", "is no list")
            : new([
                .. list.EnumerateArray()
                    .Where(item => constant is not { } only || JsonElement.DeepEquals(item, only)),
            ]);
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        foreach (var choice in choices)
        {
            check.Step();
            if (JsonElement.DeepEquals(choice, value))
            {
                return true;
            }
        }

        return check.Wrong(path, _wanted ??= Wanted());
    }

    private string Wanted()
    {
        var shown = Short(string.Join(", ", choices.Select(choice => choice.GetRawText())));
        return choices.Count == 1 ? $"It has to be {shown}." : $"It has to be one of {shown}.";
    }

    private static string Short(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";
}
