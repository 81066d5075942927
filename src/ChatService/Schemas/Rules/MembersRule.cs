using System.Text.Json;

namespace ChatGrpc.Schemas.Rules;

/// <summary>properties, patternProperties, additionalProperties and propertyNames</summary>
internal sealed class MembersRule : SchemaRule
{
    private readonly Dictionary<string, SchemaNode> _named = [];
    private IReadOnlyList<(SchemaPattern Pattern, SchemaNode Schema)> _byPattern = [];
    private SchemaNode? _others;
    private SchemaNode? _names;

    public static MembersRule? From(SchemaKeywords keywords)
    {
        var rule = new MembersRule
        {
            _byPattern =
            [
                .. keywords.Members("patternProperties").Select(
                    member => (SchemaPattern.Of(member.Name, keywords, "patternProperties"), member.Schema)),
            ],
            _others = keywords.Schema("additionalProperties"),
            _names = keywords.Schema("propertyNames"),
        };
        foreach (var (name, schema) in keywords.Members("properties"))
        {
            // A name that stands there twice has its last schema, as everywhere in JSON.
            rule._named[name] = schema;
        }

        var isThere = rule._named.Count + rule._byPattern.Count > 0 || (rule._others ?? rule._names) is not null;
        return isThere ? rule : null;
    }

    public override bool Holds(JsonElement value, SchemaCheck check, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        var holds = true;
        foreach (var member in value.EnumerateObject())
        {
            check.Step();
            holds &= Holds(member, check, $"{path}.{SchemaPlace.Shown(member.Name)}");
            holds &= _names is null || check.PassesSilently(_names, JsonElement.Parse(NameOf(member)), path)
                || check.Wrong(path, $"No property may be named {SchemaPlace.Shown(member.Name)}.");
        }

        return holds;
    }

    private static string NameOf(JsonProperty member) => JsonSerializer.Serialize(member.Name);

    private bool Holds(JsonProperty member, SchemaCheck check, string path)
    {
        var isKnown = _named.TryGetValue(member.Name, out var named);
        var holds = named is null || check.Passes(named, member.Value, path);
        foreach (var (pattern, schema) in _byPattern)
        {
            if (pattern.Matches(member.Name, check))
            {
                isKnown = true;
                holds &= check.Passes(schema, member.Value, path);
            }
        }

        return holds && (isKnown || _others is null || check.Passes(_others, member.Value, path));
    }
}
