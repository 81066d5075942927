using ChatGrpc.Model;
using ChatGrpc.Providers.Resilience;

namespace ChatGrpc.Providers;

/// <summary>A model under the name that clients use.</summary>
/// <param name="Alias">What a request names.</param>
/// <param name="Model">The provider's own name.</param>
internal sealed record ModelEntry(string Alias, string Model, IModelProvider Provider)
{
    /// <summary>Where it is, for the start-up log.</summary>
    public string Origin { get; init; } = "built in";

    /// <summary>A request may name every other model of the provider too, as ALIAS/MODEL.</summary>
    public bool AnyModel { get; init; }

    /// <summary>The configured alias: what a caller chose behind a slash makes no series of figures.</summary>
    public string Family => Alias.Split('/')[0];

    /// <summary>It can answer piece by piece. False: it is always asked for the whole.</summary>
    public bool Streams { get; init; } = true;

    public ToolWay Tools { get; init; } = Provider.HasTools ? ToolWay.Native : ToolWay.Xml;

    public SchemaWay Schemas { get; init; } = Provider.HasSchemas ? SchemaWay.Native : SchemaWay.Instructed;

    /// <summary>The models that are asked in its place when it fails, in order.</summary>
    public IReadOnlyList<ModelEntry> Fallbacks { get; init; } = [];

    /// <summary>What turns ask: the provider with all that stands around it, fallbacks included.</summary>
    /// <exception cref="InvalidOperationException">Only the catalogue's entries have one.</exception>
    public IModelProvider Chain
    {
        get => field ?? throw new InvalidOperationException($"{Alias} does not come from the catalogue.");
        init;
    }

    /// <summary>As the configuration wants it.</summary>
    public ModelEntry With(ModelTraits traits) => this with
    {
        Streams = traits.Streams,
        Tools = traits.Tools ?? Tools,
        Schemas = traits.Schemas ?? Schemas,
    };
}

/// <summary>The models that this service offers.</summary>
/// <param name="entries">Without their chains.</param>
/// <param name="pipeline">Makes the chains.</param>
internal sealed class ModelCatalogue(IReadOnlyList<ModelEntry> entries, DefaultModel chosen, ModelPipeline pipeline)
    : IDisposable
{
    private readonly Dictionary<string, ModelEntry> _byAlias = entries.ToDictionary(
        entry => entry.Alias, entry => entry with { Chain = pipeline.Around(entry) }, StringComparer.Ordinal);

    /// <summary>What is configured, in its order.</summary>
    public IReadOnlyList<ModelEntry> Entries => entries;

    public IEnumerable<string> Aliases => entries.Select(entry => entry.Alias);

    public ModelEntry Default => _byAlias[chosen.Alias];

    /// <summary>Why the default is that one.</summary>
    public string DefaultReason => chosen.Reason;

    /// <summary>The entry of that alias, or of that ALIAS/MODEL; the default for an empty one; or null.</summary>
    public ModelEntry? Find(string alias)
    {
        if (alias.Length == 0)
        {
            return Default;
        }

        return _byAlias.GetValueOrDefault(alias) ?? FindOther(alias);
    }

    public string Suggest(string alias) => NearNames.Suggest(alias, _byAlias.Keys);

    /// <summary>Ends the connections to the providers.</summary>
    public void Dispose()
    {
        foreach (var provider in entries.Select(entry => entry.Provider).OfType<IDisposable>().Distinct())
        {
            provider.Dispose();
        }
    }

    private ModelEntry? FindOther(string alias)
    {
        var slash = alias.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == alias.Length - 1
            || _byAlias.GetValueOrDefault(alias[..slash]) is not { AnyModel: true } entry)
        {
            return null;
        }

        var other = entry with { Alias = alias, Model = alias[(slash + 1)..] };
        return other with { Chain = pipeline.Around(other) };
    }
}
