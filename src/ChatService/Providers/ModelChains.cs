using ChatGrpc.Providers.Demo;

namespace ChatGrpc.Providers;

/// <summary>Puts the fallbacks to the models.</summary>
internal static class ModelChains
{
    public const string DemoAlias = "demo-fallback";

    /// <param name="traits">By alias; what is absent has none.</param>
    public static IReadOnlyList<ModelEntry> Link(
        IReadOnlyList<ModelEntry> entries, IReadOnlyDictionary<string, ModelTraits> traits) =>
    [
        .. entries.Select(entry => entry with
        {
            Fallbacks =
            [
                .. traits.GetValueOrDefault(entry.Alias, new ModelTraits()).Fallbacks
                    .Select(alias => entries.First(fallback => fallback.Alias == alias)),
            ],
        }),
    ];

    /// <summary>
    /// A chain to look at, with no key and no network: the first model fails, streaming or not, the second breaks off
    /// in the middle, the third answers.
    /// </summary>
    public static ModelEntry Demo(TimeProvider time)
    {
        // A model that goes on with a text has nothing to withdraw; this is to show that too.
        var demo = new DemoProvider(time) { CarriesOn = false };
        return new ModelEntry(DemoAlias, DemoProvider.BrokenName, demo)
        {
            Fallbacks =
            [
                new ModelEntry(DemoProvider.CutName, DemoProvider.CutName, demo),
                new ModelEntry(DemoProvider.ModelName, DemoProvider.ModelName, demo),
            ],
        };
    }
}
