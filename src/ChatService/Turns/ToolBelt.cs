using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Tools;

namespace ChatGrpc.Turns;

/// <summary>What a model may call in a turn: tools of the service, and tools that the client runs.</summary>
internal sealed class ToolBelt
{
    private const string NoArguments = """{"type":"object","properties":{}}""";

    private readonly Dictionary<string, ToolEntry> _service;
    private readonly HashSet<string> _client;

    /// <param name="offered">Of the service. Where the client has a tool of the same name, the client's counts.</param>
    public ToolBelt(IReadOnlyList<ToolEntry> offered, IReadOnlyList<ClientTool> client)
    {
        _client = client.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        _service = offered.Where(tool => !_client.Contains(tool.Name))
            .ToDictionary(tool => tool.Name, StringComparer.Ordinal);
        Tools =
        [
            .. _service.Values.Select(tool => new ModelTool(
                tool.Name, tool.Function.Description, tool.Function.JsonSchema.GetRawText())),
            .. client.Select(tool => new ModelTool(
                tool.Name, tool.Description,
                tool.ParametersJsonSchema.Length > 0 ? tool.ParametersJsonSchema : NoArguments)),
        ];
    }

    public IReadOnlyList<ModelTool> Tools { get; }

    /// <summary>Null: the service has no such tool in this turn.</summary>
    public ToolEntry? Find(string name) => _service.GetValueOrDefault(name);

    /// <summary>Who runs it; what there is not is for the service to say so.</summary>
    public ToolKind KindOf(string name) =>
        _client.Contains(name) ? ToolKind.Client : Find(name)?.Kind ?? ToolKind.Server;
}
