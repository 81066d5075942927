using Chat.V1;

namespace ChatGrpc.Tools;

/// <summary>What an MCP server has just now.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Prefix">What its tools' names begin with.</param>
/// <param name="Tools">None, if it is away.</param>
/// <param name="WhyAway">In a sentence; empty: it is not away.</param>
internal sealed record ServerTools(string Server, string Prefix, IReadOnlyList<ToolEntry> Tools, string WhyAway)
{
    public bool IsAway => WhyAway.Length > 0;

    public ToolServer ToMessage() => new()
    {
        Name = Server,
        State = IsAway ? ToolServerState.Unavailable : ToolServerState.Available,
        UnavailableReason = WhyAway,
    };
}
