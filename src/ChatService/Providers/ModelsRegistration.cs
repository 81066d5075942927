using ChatGrpc.Model;
using ChatGrpc.Providers.Demo;
using ChatGrpc.Providers.OpenAI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChatGrpc.Providers;

internal static class ModelsRegistration
{
    private const string DemoAlias = "demo";
    private const string OpenAIAlias = "openai";

    /// <summary>The models that the configuration offers, by alias; demo is always among them.</summary>
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration configuration)
    {
        var options = ProvidersOptions.From(configuration);
        var aliases = options.OpenAI is null ? new[] { DemoAlias } : [OpenAIAlias, DemoAlias];
        var defaultAlias = DefaultAlias(options, aliases);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<DemoProvider>();
        if (options.OpenAI is { } openAI)
        {
            services.AddSingleton(provider => new OpenAIProvider(openAI, provider.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton(provider => new ModelCatalogue(
            [.. aliases.Select(alias => Entry(alias, options, provider))], defaultAlias));
        return services.AddHostedService<ModelsAnnouncement>();
    }

    private static ModelEntry Entry(string alias, ProvidersOptions options, IServiceProvider services) => alias switch
    {
        OpenAIAlias => new(alias, options.OpenAIModel, services.GetRequiredService<OpenAIProvider>()),
        _ => new(alias, DemoProvider.ModelName, services.GetRequiredService<DemoProvider>()),
    };

    private static string DefaultAlias(ProvidersOptions options, string[] aliases)
    {
        if (options.DefaultModel is not { } wanted)
        {
            return aliases[0];
        }

        return aliases.Contains(wanted)
            ? wanted
            : throw new StartupException(
                $"{ProvidersOptions.DefaultModelSetting} names {wanted}, which is not configured: "
                + $"set it to one of {string.Join(", ", aliases)}.{NearNames.Suggest(wanted, aliases)}");
    }
}
