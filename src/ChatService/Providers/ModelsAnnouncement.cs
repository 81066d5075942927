namespace ChatGrpc.Providers;

/// <summary>Says at start-up which models there are, which is the default, why, and how to choose otherwise.</summary>
internal sealed class ModelsAnnouncement(ModelCatalogue catalogue, ILogger<ModelsAnnouncement> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in catalogue.Entries)
        {
            ModelsLog.ModelOffered(logger, entry.Alias, entry.Model, entry.Origin);
            if (entry.Fallbacks is not [])
            {
                ModelsLog.ChainOffered(
                    logger, entry.Alias, string.Join(", then ", entry.Fallbacks.Select(fallback => fallback.Alias)));
            }
        }

        ModelsLog.DefaultChosen(logger, catalogue.Default.Alias, catalogue.DefaultReason, Advice());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Advice() => catalogue.Entries.All(entry => entry.Provider is Demo.DemoProvider)
        ? "For a real model set OPENAI_API_KEY, ANTHROPIC_API_KEY or OPENROUTER_API_KEY, OPENAI_BASE_URL for a server "
            + "of your own, or OLLAMA_HOST."
        : $"Set {DefaultModel.ProviderSetting} to another, or OPENAI_MODEL and its like for another model of one.";
}
