using ChatGrpc.Tools.Mcp;

namespace ChatGrpc.Tools;

/// <summary>The MCP servers of the configuration. They end with the service.</summary>
internal sealed class ToolServers(ToolOptions options, TimeProvider time, ILogger<ToolServers> logger)
    : IAsyncDisposable
{
    private readonly McpServer[] _servers =
    [
        .. options.Servers.OrderBy(server => server.Key, StringComparer.Ordinal)
            .Select(server => new McpServer(server.Key, server.Value, options, time, logger)),
    ];

    /// <summary>What the names of their tools begin with.</summary>
    public IEnumerable<string> Prefixes => _servers.Select(server => server.Prefix);

    /// <summary>
    /// What the servers have of whose tools one may be meant, or of all; those that do not run are started, all at
    /// once.
    /// </summary>
    public async Task<IReadOnlyList<ServerTools>> ListAsync(
        IReadOnlyList<ToolPattern>? wanted, CancellationToken cancellationToken)
    {
        var meant = _servers.Where(server => wanted is null || wanted.Any(pattern => pattern.Meets(server.Prefix)));
        return await Task.WhenAll(meant.Select(async server =>
        {
            var (tools, whyAway) = await server.ListAsync(cancellationToken);
            return new ServerTools(server.Name, server.Prefix, tools, whyAway);
        }));
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));
}
