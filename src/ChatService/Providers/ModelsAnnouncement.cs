namespace ChatGrpc.Providers;

/// <summary>Says at start-up which models there are, which is the default, why, and how to choose otherwise.</summary>
internal sealed class ModelsAnnouncement(
    ModelCatalogue catalogue, ProvidersOptions options, ILogger<ModelsAnnouncement> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var alias in catalogue.Aliases)
        {
            var entry = catalogue.Find(alias)!;
            ModelsLog.ModelOffered(logger, alias, entry.Model, Origin(entry));
        }

        ModelsLog.DefaultChosen(logger, catalogue.Default.Alias, Reason(), Advice());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Origin(ModelEntry entry) => (entry.Provider.Name, options.OpenAI) switch
    {
        ("openai", { ApiKey: null } openAI) => $"at {openAI.Host}, without a key",
        ("openai", { } openAI) => $"at {openAI.Host}, with the key of {ProvidersOptions.KeySetting}",
        _ => "built in",
    };

    private string Reason() => options switch
    {
        { DefaultModel: not null } => $"{ProvidersOptions.DefaultModelSetting} says so",
        { OpenAI.ApiKey: not null } => $"{ProvidersOptions.KeySetting} is set",
        { OpenAI: not null } => $"{ProvidersOptions.BaseUrlSetting} is set",
        _ => $"neither {ProvidersOptions.KeySetting} nor {ProvidersOptions.BaseUrlSetting} is set",
    };

    private string Advice() => options.OpenAI is null
        ? $"For a real model set {ProvidersOptions.KeySetting}, "
            + $"or {ProvidersOptions.BaseUrlSetting} for a server of your own."
        : $"Set {ProvidersOptions.DefaultModelSetting} to choose another, "
            + $"{ProvidersOptions.ModelSetting} for another model of openai.";
}
