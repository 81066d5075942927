using System.Text.RegularExpressions;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Tools.BuiltIn;
using ChatGrpc.Tools.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tools;

internal static partial class ToolsRegistration
{
    /// <summary>
    /// The tools that a model can be given. So is each AIFunction that the program registers, under its own name.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">Checked already.</param>
    public static IServiceCollection AddTools(this IServiceCollection services, ToolOptions options)
    {
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(provider => new ToolServers(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ToolServers>>()));
        services.AddSingleton(provider => new ToolCatalogue(
            BuiltIn(provider, options),
            provider.GetRequiredService<ToolServers>(),
            provider.GetRequiredService<IOptions<ToolOptions>>()));
        services.AddSingleton<ToolRound>();
        services.AddSingleton<AIFunction, CalculatorTool>();
        services.AddSingleton<AIFunction, DocumentTool>();
        services.AddSingleton<AIFunction, TimeTool>();
        if (options.Http.Enabled)
        {
            services.AddSingleton<AIFunction>(_ => Fetch(options));
        }

        services.AddHostedService<ToolsAnnouncement>();
        return services;
    }

    private static HttpFetchTool Fetch(ToolOptions options) => new(
        [.. options.Http.Hosts.Select(HostPattern.Parse).OfType<HostPattern>()],
        address => options.Http.AllowPrivate || PublicAddresses.Has(address),
        options.MaxResultBytes);

    private static ToolEntry[] BuiltIn(IServiceProvider services, ToolOptions options) =>
    [
        .. services.GetServices<AIFunction>().Select(function => Entry(function, options))
            .GroupBy(tool => tool.Name, StringComparer.Ordinal)
            .Select(same => same.Count() == 1
                ? same.First()
                : throw new StartupException($"There are two tools with the name {same.Key}: rename one of them."))
            .OrderBy(tool => tool.Name, StringComparer.Ordinal),
    ];

    private static ToolEntry Entry(AIFunction function, ToolOptions options) => ToolName().IsMatch(function.Name)
        ? new ToolEntry(function.Name, ToolKind.Server, function)
        {
            Title = (function as ServiceTool)?.Title ?? "",
            Deadline = options.Deadline,
            MaxResultBytes = options.MaxResultBytes,
        }
        : throw new StartupException(
            $"The tool {function.Name} needs another name: 1 to 64 of the characters A-Z a-z 0-9 _ -.");

    // What every provider takes.
    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex ToolName();
}
