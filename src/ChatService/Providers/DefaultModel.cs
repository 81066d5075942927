using ChatGrpc.Model;

namespace ChatGrpc.Providers;

/// <summary>The model that answers where a request names none.</summary>
/// <param name="Reason">Why it is that one, to follow "because".</param>
internal sealed record DefaultModel(string Alias, string Reason)
{
    public const string Setting = "Chat:DefaultModel";
    public const string ProviderSetting = "DEFAULT_LLM_PROVIDER";

    /// <param name="offers">In the order in which one of them becomes the default.</param>
    /// <param name="silent">The aliases whose provider was asked and does not answer.</param>
    /// <exception cref="StartupException">The setting names a model that is not offered.</exception>
    public static DefaultModel Choose(
        IConfiguration configuration, IReadOnlyList<ModelOffer> offers, IReadOnlySet<string> silent)
    {
        foreach (var setting in (string[])[Setting, ProviderSetting])
        {
            if (ModelOffers.Setting(configuration, setting) is { } wanted)
            {
                return new DefaultModel(Find(setting, wanted, offers), $"{setting} says so");
            }
        }

        var chosen = offers.First(offer => !silent.Contains(offer.Alias));
        var reason = chosen == offers[^1]
            ? offers.Count == 1 ? "no other is configured" : "no other answers"
            : chosen.Endpoint is { } endpoint && offers.Count(offer => offer.Endpoint is not null) == 1
                ? $"{endpoint.Setting} is set"
                : $"it comes first of {string.Join(", ", offers.Select(offer => offer.Alias))}";
        return new DefaultModel(chosen.Alias, reason);
    }

    private static string Find(string setting, string wanted, IReadOnlyList<ModelOffer> offers)
    {
        var aliases = offers.Select(offer => offer.Alias).ToArray();
        if (Array.Find(aliases, alias => alias.Equals(wanted, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        var fix = ProviderKind.Find(wanted) is { } kind ? $"set {kind.Setting}, or " : "";
        throw new StartupException(
            $"{setting} names {wanted}, which is not configured: {fix}set it to one of {string.Join(", ", aliases)}."
            + NearNames.Suggest(wanted, aliases));
    }
}
