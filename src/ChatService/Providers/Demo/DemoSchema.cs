using System.Text.Json;

namespace ChatGrpc.Providers.Demo;

/// <summary>What the demo model sees of a schema: its keywords, with those of what it refers to and combines.</summary>
internal sealed class DemoSchema
{
    // A schema may refer to itself.
    private const int MaxFacets = 32;

    // Numbers beyond it are left alone: reckoning with them may leave the range of a decimal.
    private const decimal Largest = 1e15m;

    private readonly JsonElement _root;
    private readonly List<JsonElement> _facets = [];

    public DemoSchema(JsonElement root, JsonElement schema)
    {
        _root = root;
        Add(schema);
    }

    /// <summary>The only value there is, or the first that may be chosen; null: any of a type.</summary>
    public JsonElement? Chosen() =>
        Find("const") ?? Find("default")
        ?? (Find("enum") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : null);

    public string Type()
    {
        var type = Find("type");
        if (type is { ValueKind: JsonValueKind.Array } types)
        {
            type = types.EnumerateArray().FirstOrDefault(one => !one.ValueEquals("null"));
        }

        return type is { ValueKind: JsonValueKind.String } word ? word.GetString()!
            : Find("properties") is not null || Find("required") is not null ? "object"
            : Find("items") is not null || Find("prefixItems") is not null ? "array"
            : Find("minimum") is not null || Find("maximum") is not null ? "number"
            : "string";
    }

    public IEnumerable<(string Name, DemoSchema Schema)> Members() =>
        _facets.Select(facet => Of(facet, "properties"))
            .Where(members => members is { ValueKind: JsonValueKind.Object })
            .SelectMany(members => members!.Value.EnumerateObject())
            .DistinctBy(member => member.Name)
            .Select(member => (member.Name, new DemoSchema(_root, member.Value)));

    public HashSet<string> Required() =>
    [
        .. _facets.Select(facet => Of(facet, "required"))
            .Where(names => names is { ValueKind: JsonValueKind.Array })
            .SelectMany(names => names!.Value.EnumerateArray())
            .Select(name => name.GetString()!),
    ];

    public DemoSchema Items() => new(_root, Find("items") ?? default);

    public List<DemoSchema> List(string name) => Find(name) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Select(item => new DemoSchema(_root, item))]
        : [];

    public decimal? Number(string name) => Find(name) is { ValueKind: JsonValueKind.Number } number
        && number.TryGetDecimal(out var value) && Math.Abs(value) <= Largest ? value : null;

    public long? Count(string name) => Number(name) is { } number ? (long)Math.Clamp(number, 0, int.MaxValue) : null;

    public string Word(string name) => Find(name) is { ValueKind: JsonValueKind.String } word ? word.GetString()! : "";

    private void Add(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || _facets.Count == MaxFacets)
        {
            return;
        }

        _facets.Add(schema);
        if (Of(schema, "$ref") is { ValueKind: JsonValueKind.String } reference)
        {
            Add(Referred(reference.GetString()!));
        }

        if (Of(schema, "allOf") is { ValueKind: JsonValueKind.Array } all)
        {
            foreach (var part in all.EnumerateArray())
            {
                Add(part);
            }
        }

        if ((Of(schema, "anyOf") ?? Of(schema, "oneOf")) is { ValueKind: JsonValueKind.Array } forms)
        {
            Add(forms.EnumerateArray().FirstOrDefault());
        }
    }

    private JsonElement Referred(string reference)
    {
        var at = _root;
        foreach (var step in reference.Split('/').Skip(1))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
            {
                return default;
            }
        }

        return at;
    }

    private JsonElement? Find(string name)
    {
        foreach (var facet in _facets)
        {
            if (Of(facet, name) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    private static JsonElement? Of(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) ? value : null;
}
