using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ChatGrpc.Tools.Mcp;

/// <summary>The way to a server: a program's standard streams, or HTTP.</summary>
internal static class McpTransports
{
    public static async Task<McpConnection> ConnectAsync(
        string name, ToolServerOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        if (options.Url.Length > 0)
        {
            return await McpConnection.StartAsync(Http(name, options), null, time, cancellationToken);
        }

        var process = McpProcess.Start(options, new McpErrorLines(name, logger), time);
        var output = new BoundedMessageStream(process.Output, MessageEnd.Line);
        var transport = new StreamClientTransport(process.Input, output);
        return await McpConnection.StartAsync(transport, process, time, cancellationToken);
    }

    private static HttpClientTransport Http(string name, ToolServerOptions options) => new(
        new HttpClientTransportOptions
        {
            Endpoint = new Uri(options.Url),
            Name = name,
            AdditionalHeaders = options.Headers,
            ConnectionTimeout = McpServer.StartLimit,
        },
        new HttpClient(new BoundedAnswers()),
        ownsHttpClient: true);
}
