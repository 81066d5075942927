using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools.Mcp;

/// <summary>A server's tool. The server is started anew for a call, if it went away since it was listed.</summary>
internal sealed class McpFunction(
    McpServer server, string ownName, string name, string description, JsonElement schema) : AIFunction
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema;

    protected override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await server.CallAsync(ownName, arguments, cancellationToken);
}
