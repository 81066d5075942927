using System.Runtime.InteropServices;
using System.Text.Json;
using ChatGrpc.Schemas.Rules;

namespace ChatGrpc.Schemas;

/// <summary>Makes rules of a schema's JSON.</summary>
internal sealed class SchemaParser
{
    private readonly JsonElement _root;

    // By where their JSON begins, so that each is read once however often it is referred to.
    private readonly Dictionary<int, (SchemaNode Node, SchemaPlace Place)> _nodes = [];

    // One after the other and not inside each other: a chain of references can be as long as the schema.
    private readonly Queue<(SchemaNode Node, JsonElement Schema, SchemaPlace Place)> _unread = [];

    private SchemaParser(JsonElement root) => _root = root;

    /// <exception cref="SchemaException">It is wrong.</exception>
    public static SchemaNode Parse(JsonElement root)
    {
        var parser = new SchemaParser(root);
        var first = parser.Node(root, SchemaPlace.Root);
        while (parser._unread.TryDequeue(out var next))
        {
            next.Node.Rules = parser.Rules(next.Schema, next.Place);
        }

        SchemaCircles.Refuse(parser._nodes.Values);
        return first;
    }

    /// <summary>The schema at a place; its rules come later.</summary>
    public SchemaNode Node(JsonElement schema, SchemaPlace place)
    {
        var all = JsonMarshal.GetRawUtf8Value(_root);
        _ = all.Overlaps(JsonMarshal.GetRawUtf8Value(schema), out var begin);
        if (!_nodes.TryGetValue(begin, out var known))
        {
            known = (new SchemaNode(), place);
            _nodes.Add(begin, known);
            _unread.Enqueue((known.Node, schema, place));
        }

        return known.Node;
    }

    /// <summary>The schema to which a reference leads.</summary>
    /// <param name="from">Where the reference stands.</param>
    public SchemaNode Referred(string reference, SchemaPlace from)
    {
        if (reference is not ("#" or ['#', '/', ..]))
        {
            throw from.Wrong(
                $"refers to {SchemaPlace.Shown(reference)}: only places in the schema itself can be referred to, such "
                + "as #/$defs/name");
        }

        var (at, place) = (_root, SchemaPlace.Root);
        foreach (var step in reference.Split('/').Skip(1))
        {
            var name = SchemaPlace.NameOf(step);
            at = Step(at, name)
                ?? throw from.Wrong($"refers to {SchemaPlace.Shown(reference)}, which is not there");
            place = place.At(name);
        }

        return Node(at, place);
    }

    private static JsonElement? Step(JsonElement at, string name) => at.ValueKind switch
    {
        JsonValueKind.Object when at.TryGetProperty(name, out var member) => member,
        JsonValueKind.Array when int.TryParse(name, out var index) && index >= 0 && index < at.GetArrayLength() =>
            at[index],
        _ => null,
    };

    private IReadOnlyList<SchemaRule> Rules(JsonElement schema, SchemaPlace place)
    {
        switch (schema.ValueKind)
        {
            case JsonValueKind.True:
                return [];
            case JsonValueKind.False:
                return [new NothingRule()];
            case JsonValueKind.Object:
                var keywords = new SchemaKeywords(this, schema, place);
                SchemaRule?[] rules =
                [
                    TypeRule.From(keywords), ChoiceRule.From(keywords), NumberRule.From(keywords),
                    TextRule.From(keywords), ListRule.From(keywords), ContainsRule.From(keywords),
                    ObjectRule.From(keywords), MembersRule.From(keywords), AllRule.From(keywords),
                    AnyRule.From(keywords), OneRule.From(keywords), NotRule.From(keywords), IfRule.From(keywords),
                    DependentRule.From(keywords),
                ];
                return [.. rules.OfType<SchemaRule>()];
            default:
                throw place.Wrong("is no schema: neither an object nor true or false");
        }
    }
}
