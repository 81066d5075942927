using System.Net;
using System.Net.Sockets;
using McpServer;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

// A server of tools for the tests, over its standard streams. With --gate PORT it starts when somebody who listens
// there sends a byte: a slow start that a test ends, or does not. With --tools JSON that is its list, whatever it is.
if (args is ["--gate", var port])
{
    using var gate = new TcpClient();
    await gate.ConnectAsync(IPAddress.Loopback, int.Parse(port));
    if (await gate.GetStream().ReadAsync(new byte[1]) == 0)
    {
        return 1;
    }
}

if (args is ["--tools", var list])
{
    await RawServer.RunAsync(list);
    return 0;
}

var tools = new ToolBox();
await using var server = ModelContextProtocol.Server.McpServer.Create(
    new StdioServerTransport("tests"),
    new McpServerOptions
    {
        ServerInfo = new Implementation { Name = "tests", Version = "1" },
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = true } },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (request, _) => new(tools.Page(request.Params?.Cursor)),
            CallToolHandler = (request, stop) => tools.CallAsync(request.Server, request.Params!, stop),
        },
    });
await server.RunAsync();
return 0;
