using ChatGrpc.Model;
using ChatGrpc.Providers.Demo;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers;

internal static class ModelsRegistration
{
    // At start-up somebody waits; a server on the same network answers in milliseconds.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);

    /// <summary>The models that the configuration offers, by alias; demo is always among them.</summary>
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static async Task AddModelsAsync(
        this IServiceCollection services,
        IConfiguration configuration,
        IReadOnlyDictionary<string, ModelOptions> configured,
        TimeProvider time)
    {
        var offers = ModelOffers.From(configuration, configured);
        var providers = offers.Select(offer => offer.Endpoint).OfType<ProviderEndpoint>().Distinct()
            .ToDictionary(endpoint => endpoint, endpoint => ProviderFactory.Create(endpoint, time));
        var demo = new DemoProvider(time);
        var entries = new List<ModelEntry>();
        var silent = new HashSet<string>();
        foreach (var offer in offers)
        {
            var entry = offer.Endpoint is { } endpoint
                ? await EntryAsync(offer, endpoint, providers[endpoint], silent, time)
                : new ModelEntry(offer.Alias, offer.Model ?? DemoProvider.ModelName, demo);
            entries.Add(entry);
        }

        // Chosen here, so that a wrong setting ends the start and not the first request.
        var chosen = DefaultModel.Choose(configuration, offers, silent);
        services.AddSingleton(_ => new ModelCatalogue(entries, chosen));
        services.AddSingleton<ModelDirectory>();
        services.AddHostedService<ModelsAnnouncement>();
    }

    // Ollama has no model that everybody has, so it is asked; the others are not, their models are known.
    private static async Task<ModelEntry> EntryAsync(
        ModelOffer offer,
        ProviderEndpoint endpoint,
        HttpModelProvider provider,
        HashSet<string> silent,
        TimeProvider time)
    {
        var origin = endpoint.Description;
        var model = offer.Model;
        if (endpoint.Kind == ProviderKind.Ollama)
        {
            var listing = await ModelDirectory.ListAsync(provider, ProbeLimit, time, CancellationToken.None);
            model ??= listing.Models is [var first, ..] ? first.Id : null;
            if (listing.Failure is { } failure)
            {
                _ = silent.Add(offer.Alias);
                origin = $"{origin}, which does not answer yet: {failure.Message.TrimEnd('.')}";
            }
        }

        return new ModelEntry(offer.Alias, model ?? endpoint.Kind.Model, provider)
        {
            Origin = origin,
            AnyModel = offer.AnyModel,
        };
    }
}
