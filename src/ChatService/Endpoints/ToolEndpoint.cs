using Chat.V1;
using ChatGrpc.Tools;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>chat.v1.ToolService: the tools that a request can name.</summary>
internal sealed class ToolEndpoint(ToolCatalogue catalogue) : ToolService.ToolServiceBase
{
    public override async Task<ListToolsResponse> ListTools(ListToolsRequest request, ServerCallContext context)
    {
        var (tools, servers) = await catalogue.ListAsync(context.CancellationToken);
        return new ListToolsResponse
        {
            Tools = { tools.Select(Message) },
            Servers = { servers.Select(server => server.ToMessage()) },
        };
    }

    private Tool Message(ToolEntry tool) => new()
    {
        Name = tool.Name,
        Kind = tool.Kind,
        Server = tool.Server,
        Title = tool.Title,
        Description = tool.Function.Description,
        ParametersJsonSchema = tool.Function.JsonSchema.GetRawText(),
        OfferedByDefault = catalogue.IsOfferedByDefault(tool),
    };
}
