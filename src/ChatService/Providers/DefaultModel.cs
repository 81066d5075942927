using ChatGrpc.Model;

namespace ChatGrpc.Providers;

/// <summary>The model that answers where a request names none.</summary>
/// <param name="Reason">Why it is that one, to follow "because".</param>
internal sealed record DefaultModel(string Alias, string Reason)
{
    public const string Setting = "Chat:DefaultModel";

    private const int MostNamed = 8;
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

        var answering = offers.Where(offer => !silent.Contains(offer.Alias)).ToArray();
        return new DefaultModel(answering[0].Alias, ReasonFor(answering, offers.Count));
    }

    private static string ReasonFor(ModelOffer[] answering, int offered)
    {
        if (answering.Length == 1)
        {
            return offered == 1 ? "no other is configured" : "no other answers";
        }

        if (answering is [{ Endpoint: { } only }, _] && offered == answering.Length)
        {
            return $"{only.Setting} is set";
        }

        var named = string.Join(", ", answering.Take(MostNamed).Select(offer => offer.Alias));
        return $"it comes first of {named}{(answering.Length > MostNamed ? ", …" : "")}"
            + (answering.Length < offered ? " that answer" : "");
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
