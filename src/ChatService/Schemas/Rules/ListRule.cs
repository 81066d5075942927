using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>prefixItems, items, minItems, maxItems and uniqueItems</summary>
internal sealed class ListRule : SchemaRule
{
    private IReadOnlyList<SchemaNode> _first = [];
    private SchemaNode? _others;
    private int? _least;
    private int? _most;
    private bool _isUnique;

    public static ListRule? From(SchemaKeywords keywords)
    {
        var rule = new ListRule
        {
            _first = keywords.Schemas("prefixItems") ?? [],
            _others = keywords.Schema("items"),
            _least = keywords.Count("minItems"),
            _most = keywords.Count("maxItems"),
            _isUnique = keywords.Flag("uniqueItems"),
        };
        var isThere = rule._first.Count > 0 || rule._others is not null || (rule._least ?? rule._most) is not null
            || rule._isUnique;
        return isThere ? rule : null;
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        var items = value.EnumerateArray().ToArray();
        var holds =
            items.Length < _least ? check.Wrong(path, $"It has to have at least {_least} items.")
            : items.Length > _most ? check.Wrong(path, $"It may have at most {_most} items.")
            : !_isUnique || AreUnique(items, check) || check.Wrong(path, "Its items have to be different.");
        for (var i = 0; i < items.Length; i++)
        {
            if ((i < _first.Count ? _first[i] : _others) is { } schema)
            {
                holds &= check.Passes(schema, items[i], $"{path}[{i}]");
            }
        }

        return holds;
    }

    private static bool AreUnique(JsonElement[] items, SchemaCheck check)
    {
        for (var i = 0; i < items.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                check.Step();
                if (JsonElement.DeepEquals(items[i], items[j]))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
