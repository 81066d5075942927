using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chat.V1;
using ModelContextProtocol;
using Tool = ModelContextProtocol.Protocol.Tool;

namespace ChatGrpc.Tools.Mcp;

/// <summary>A server's tools as the service offers them.</summary>
internal static class McpTools
{
    // As a client's own tool may have.
    private const int MaxDescriptionLength = 10_000;
    private const int MaxSchemaBytes = 100_000;

    private const int MaxTitleLength = 100;

    public static IReadOnlyList<ToolEntry> Entries(
        McpServer server, IReadOnlyList<JsonNode?> told, ToolServerOptions options, ToolOptions shared, ILogger logger)
    {
        var allowed = options.Tools.Select(text => new ToolPattern(text)).ToArray();
        var entries = new List<ToolEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var ownNames = new HashSet<string>(StringComparer.Ordinal);
        var tools = told.Select(node => Read(node, server.Name, logger)).OfType<Tool>();
        foreach (var tool in tools.Where(tool => allowed.Length == 0 || allowed.Any(a => a.Takes(tool.Name))))
        {
            var name = McpNames.Of(server.Name, tool.Name, names);
            if (tool.Name.Length == 0 || !ownNames.Add(tool.Name) || !names.Add(name)
                || Encoding.UTF8.GetByteCount(tool.InputSchema.GetRawText()) > MaxSchemaBytes)
            {
                ToolsLog.ToolRefused(logger, server.Name, McpNames.Words(tool.Name, MaxTitleLength));
                continue;
            }

            var description = McpNames.Words(tool.Description, MaxDescriptionLength);
            var function = new McpFunction(server, tool.Name, name, description, tool.InputSchema);
            entries.Add(new ToolEntry(name, ToolKind.Mcp, function)
            {
                Server = server.Name,
                Title = McpNames.Words(tool.Title ?? tool.Annotations?.Title, MaxTitleLength).ReplaceLineEndings(" "),
                Deadline = options.Deadline ?? shared.Deadline,
                MaxResultBytes = options.MaxResultBytes ?? shared.MaxResultBytes,
            });
        }

        return entries;
    }

    // One that cannot be read is left out; the server's others are as good as before.
    private static Tool? Read(JsonNode? told, string server, ILogger logger)
    {
        var name = "";
        try
        {
            name = told is JsonObject && told["name"] is JsonValue word ? $"{word}" : name;
            if (told?.Deserialize<Tool>(McpJsonUtilities.DefaultOptions) is { Name: not null } tool)
            {
                return tool;
            }
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // Its schema is none, or a word is a number: whatever it is, it is no tool.
        }

        ToolsLog.ToolRefused(logger, server, McpNames.Words(name, MaxTitleLength));
        return null;
    }
}
