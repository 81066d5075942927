using Chat.V1;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools;

/// <summary>A tool that the service runs.</summary>
/// <param name="Name">What requests and models call it: [A-Za-z0-9_-]{1,64}, unique.</param>
internal sealed record ToolEntry(string Name, ToolKind Kind, AIFunction Function)
{
    /// <summary>The MCP server that it comes from; empty: built in.</summary>
    public string Server { get; init; } = "";

    /// <summary>What to call it before people; may be empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>How long one call may take.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>How much of a result the model can be given, in bytes of UTF-8; a larger one is an error.</summary>
    public required int MaxResultBytes { get; init; }
}
