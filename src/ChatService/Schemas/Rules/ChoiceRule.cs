using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>enum and const. Numbers are the same if their values are, however they are written.</summary>
internal sealed class ChoiceRule(IReadOnlyList<JsonElement> choices) : SchemaRule
{
    // So much of the choices is told.
    private const int MostShown = 200;

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

        var shown = string.Join(", ", choices.Select(choice => choice.GetRawText()));
        return check.Wrong(
            path,
            choices.Count == 1 ? $"It has to be {Short(shown)}." : $"It has to be one of {Short(shown)}.");
    }

    private static string Short(string text) => text.Length <= MostShown ? text : text[..MostShown] + "…";
}
