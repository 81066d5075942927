using ChatGrpc.Model;

namespace ChatGrpc.Providers;

/// <summary>A model under the name that clients use.</summary>
/// <param name="Alias">What a request names.</param>
/// <param name="Model">The provider's own name.</param>
internal sealed record ModelEntry(string Alias, string Model, IModelProvider Provider);

/// <summary>The models that this service offers.</summary>
internal sealed class ModelCatalogue(IReadOnlyList<ModelEntry> entries, string defaultAlias)
{
    private readonly Dictionary<string, ModelEntry> _byAlias =
        entries.ToDictionary(entry => entry.Alias, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Aliases => _byAlias.Keys;

    public ModelEntry Default => _byAlias[defaultAlias];

    /// <summary>The entry of that alias, the default for an empty one, or null.</summary>
    public ModelEntry? Find(string alias) =>
        alias.Length == 0 ? Default : _byAlias.GetValueOrDefault(alias);

    public string Suggest(string alias) => NearNames.Suggest(alias, _byAlias.Keys);
}
