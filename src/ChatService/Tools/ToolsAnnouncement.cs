using ChatGrpc.Model;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tools;

/// <summary>Says at start-up which tools there are; a name in the settings that is none ends the start.</summary>
internal sealed class ToolsAnnouncement(
    ToolCatalogue catalogue, IOptions<ToolOptions> options, ILogger<ToolsAnnouncement> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var offered = options.Value.Offered;
        if (catalogue.Check(new() { Names = { offered } }) is { } failure)
        {
            throw new StartupException($"Chat:Tools:Offered: {failure.Message}");
        }

        ToolsLog.ToolsThere(logger, Listed(catalogue.BuiltIn.Select(tool => tool.Name)), Listed(offered));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));
}
