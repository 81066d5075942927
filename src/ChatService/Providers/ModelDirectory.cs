using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers.Demo;
using Google.Rpc;
using ListedByUs = Chat.V1.Model;

namespace ChatGrpc.Providers;

/// <summary>Tells which models a request can name and which of them are there, by asking their providers.</summary>
internal sealed class ModelDirectory(ModelCatalogue catalogue, TimeProvider time)
{
    // Somebody waits for a list; a provider that takes longer would not please them either.
    private static readonly TimeSpan ProviderLimit = TimeSpan.FromSeconds(5);

    // Ollama's name for the newest of a model.
    private const string Latest = ":latest";

    /// <summary>The configured models in their order, then what else their providers have, by alias.</summary>
    public async Task<IReadOnlyList<ListedByUs>> ListAsync(bool configuredOnly, CancellationToken cancellationToken)
    {
        var providers = catalogue.Entries.Select(entry => entry.Provider).OfType<IModelListing>().Distinct().ToArray();
        var listings = await Task.WhenAll(
            providers.Select(provider => ListAsync(provider, ProviderLimit, time, cancellationToken)));
        var told = providers.Zip(listings).ToDictionary(pair => pair.First, pair => pair.Second);

        var configured = catalogue.Entries.Select(entry => Describe(entry, told));
        var others = catalogue.Entries.Where(entry => entry.AnyModel && !configuredOnly)
            .SelectMany(entry => Others(entry, told[(IModelListing)entry.Provider]))
            .OrderBy(model => model.Alias, StringComparer.Ordinal);
        return [.. configured, .. others];
    }

    /// <summary>What a provider has, if it says so in time.</summary>
    public static async Task<ListedModels> ListAsync(
        IModelListing provider, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await provider.ListAsync(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ListedModels.Failed(
                new Failure(Code.Unavailable, "PROVIDER_UNREACHABLE",
                    $"The provider did not answer within {limit.TotalSeconds:0.#} s."));
        }
    }

    private static ListedByUs Describe(ModelEntry entry, Dictionary<IModelListing, ListedModels> told)
    {
        var model = Named(entry.Alias, entry);
        model.Fallbacks.AddRange(entry.Fallbacks.Select(fallback => fallback.Alias));
        model.NonStreaming = !entry.Streams;
        if (entry.Provider is not IModelListing provider)
        {
            var isBuiltIn = entry.Provider is DemoProvider;
            model.Availability = isBuiltIn ? ModelAvailability.Available : ModelAvailability.Unspecified;
            model.Capabilities = isBuiltIn ? DemoProvider.Capabilities : new ModelCapabilities();
            return model;
        }

        var listing = told[provider];
        var listed = listing.Models.FirstOrDefault(listed => Is(listed, entry.Model));
        model.Capabilities = Capabilities(listed);
        if (entry.Tools != ToolWay.Native)
        {
            model.Capabilities.Tools = entry.Tools == ToolWay.Xml;
        }

        (model.Availability, model.UnavailableReason) = (listing, listed) switch
        {
            ({ Failure: { Reason: ProviderReasons.NoList } }, _) => (ModelAvailability.Unspecified, ""),
            ({ Failure: { } failure }, _) => (ModelAvailability.Unavailable, failure.Message),
            (_, null) => (ModelAvailability.Unavailable, $"Its provider does not list the model {entry.Model}."),
            _ => (ModelAvailability.Available, ""),
        };
        return model;
    }

    private static IEnumerable<ListedByUs> Others(ModelEntry entry, ListedModels listing)
    {
        foreach (var listed in listing.Models.Where(listed => !Is(listed, entry.Model)))
        {
            var model = Named($"{entry.Alias}/{listed.Id}", entry with { Model = listed.Id });
            model.Availability = ModelAvailability.Available;
            model.Capabilities = Capabilities(listed);
            model.Discovered = true;
            yield return model;
        }
    }

    private static ListedByUs Named(string alias, ModelEntry entry) =>
        new() { Alias = alias, Provider = entry.Provider.Name, ResolvedModel = entry.Model };

    private static bool Is(ListedModel listed, string model) => listed.Id == model || listed.Id == model + Latest;

    private static ModelCapabilities Capabilities(ListedModel? listed)
    {
        var capabilities = new ModelCapabilities();
        if (listed?.Images is { } images)
        {
            capabilities.Images = images;
        }

        if (listed?.Reasoning is { } reasoning)
        {
            capabilities.Reasoning = reasoning;
        }

        if (listed?.Tools is { } tools)
        {
            capabilities.Tools = tools;
        }

        if (listed?.ContextTokens is { } tokens)
        {
            capabilities.ContextTokens = tokens;
        }

        return capabilities;
    }
}
