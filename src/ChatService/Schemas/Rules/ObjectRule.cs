using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>required, dependentRequired, minProperties and maxProperties</summary>
internal sealed class ObjectRule : SchemaRule
{
    private IReadOnlyList<string> _required = [];
    private IReadOnlyList<(string Name, IReadOnlyList<string> Texts)> _dependent = [];
    private int? _least;
    private int? _most;

    public static ObjectRule? From(SchemaKeywords keywords)
    {
        var rule = new ObjectRule
        {
            _required = keywords.Texts("required"),
            _dependent = keywords.TextsByName("dependentRequired"),
            _least = keywords.Count("minProperties"),
            _most = keywords.Count("maxProperties"),
        };
        return rule._required.Count + rule._dependent.Count == 0 && (rule._least ?? rule._most) is null ? null : rule;
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var holds = Has(value, _required, check, path);
        foreach (var (name, needed) in _dependent)
        {
            check.Step();
            holds &= !value.TryGetProperty(name, out _) || Has(value, needed, check, path);
        }

        var count = value.GetPropertyCount();
        return holds
            & (!(count < _least) || check.Wrong(path, $"It has to have at least {_least} properties."))
            & (!(count > _most) || check.Wrong(path, $"It may have at most {_most} properties."));
    }

    private static bool Has(JsonElement value, IReadOnlyList<string> names, SchemaCheck check, string path)
    {
        var hasAll = true;
        foreach (var name in names)
        {
            check.Step();
            hasAll &= value.TryGetProperty(name, out _)
                || check.Wrong(path, $"The property {SchemaPlace.Shown(name)} is missing.");
        }

        return hasAll;
    }
}
