using ChatGrpc.Model;
using ChatGrpc.Providers.ChatClients;
using ChatGrpc.Providers.Demo;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.Providers.Wire;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Providers;

internal static class ModelsRegistration
{
    // At start-up somebody waits; a server on the same network answers in milliseconds.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The models that the configuration offers, by alias; demo is always among them. So is each IChatClient that was
    /// registered as a keyed service, under its key.
    /// </summary>
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static async Task AddModelsAsync(
        this IServiceCollection services,
        IConfiguration configuration,
        IReadOnlyDictionary<string, ModelOptions> configured,
        ResilienceOptions resilience,
        Patience patience,
        TimeProvider time)
    {
        var clients = services.Where(service => service.ServiceType == typeof(IChatClient))
            .Select(service => service.ServiceKey).OfType<string>().ToArray();
        var offers = ModelOffers.From(configuration, configured, clients);
        var providers = offers.Select(offer => offer.Endpoint).OfType<ProviderEndpoint>().Distinct()
            .ToDictionary(endpoint => endpoint, endpoint => ProviderFactory.Create(endpoint, time));
        var demo = new DemoProvider(time);
        var entries = new List<Func<IServiceProvider, ModelEntry>>();
        var silent = new HashSet<string>();
        var listings = await ProbeAsync(offers, providers, time);
        foreach (var offer in offers)
        {
            if (clients.Contains(offer.Alias))
            {
                entries.Add(provider => ClientEntry(offer.Alias, provider));
                continue;
            }

            var entry = offer.Endpoint is { } endpoint
                ? Entry(offer, endpoint, providers[endpoint], listings.GetValueOrDefault(endpoint), silent)
                : new ModelEntry(offer.Alias, offer.Model ?? DemoProvider.ModelName, demo);
            entries.Add(_ => entry.With(offer.Traits));
        }

        // Chosen here, so that a wrong setting ends the start and not the first request.
        var chosen = DefaultModel.Choose(configuration, offers, silent);
        var traits = offers.ToDictionary(offer => offer.Alias, offer => offer.Traits);
        services.AddSingleton(new ModelPipeline(resilience, patience, time));
        services.AddSingleton(provider => new ModelCatalogue(
            [.. ModelChains.Link([.. entries.Select(entry => entry(provider))], traits), ModelChains.Demo(time)],
            chosen,
            provider.GetRequiredService<ModelPipeline>()));
        services.AddSingleton<ModelDirectory>();
        services.AddHostedService<ModelsAnnouncement>();
    }

    private static ModelEntry ClientEntry(string alias, IServiceProvider services)
    {
        var client = services.GetRequiredKeyedService<IChatClient>(alias);
        var metadata = client.GetService<ChatClientMetadata>();
        var logger = services.GetRequiredService<ILogger<ChatClientProvider>>();
        return new ModelEntry(
            alias,
            metadata?.DefaultModelId ?? alias,
            new ChatClientProvider(metadata?.ProviderName ?? alias, client, logger))
        {
            Origin = "by a client that the program brings",
        };
    }

    // Ollama has no model that everybody has, so it is asked, unless the configuration chose one. The others are not:
    // their models are known.
    private static async Task<Dictionary<ProviderEndpoint, ListedModels>> ProbeAsync(
        IReadOnlyList<ModelOffer> offers,
        Dictionary<ProviderEndpoint, HttpModelProvider> providers,
        TimeProvider time)
    {
        var asked = offers.Where(offer => offer.AnyModel || offer.Model is null)
            .Select(offer => offer.Endpoint).OfType<ProviderEndpoint>()
            .Where(endpoint => endpoint.Kind == ProviderKind.Ollama).Distinct().ToArray();
        var listings = await Task.WhenAll(asked.Select(
            endpoint => ModelDirectory.ListAsync(providers[endpoint], ProbeLimit, time, CancellationToken.None)));
        return asked.Zip(listings).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    private static ModelEntry Entry(
        ModelOffer offer,
        ProviderEndpoint endpoint,
        HttpModelProvider provider,
        ListedModels? listing,
        HashSet<string> silent)
    {
        var origin = endpoint.Description;
        if (listing?.Failure is { } failure)
        {
            _ = silent.Add(offer.Alias);
            origin = $"{origin}, which does not answer yet: {failure.Message.TrimEnd('.')}";
        }

        var first = listing?.Models is [var listed, ..] ? listed.Id : null;
        return new ModelEntry(offer.Alias, offer.Model ?? first ?? endpoint.Kind.Model, provider)
        {
            Origin = origin,
            AnyModel = offer.AnyModel,
        };
    }
}
