using Chat.V1;

namespace ChatGrpc.Storage;

/// <summary>What can be wanted of a turn that another incarnation runs.</summary>
internal enum WishKind
{
    /// <summary>It is to end, as somebody says.</summary>
    Cancel = 1,

    /// <summary>It is to end, as its reader is gone.</summary>
    Abandon = 2,

    /// <summary>It is to take a tool's result.</summary>
    TakeResult = 3,

    /// <summary>Somebody waits for it, who may have been told that it is not there.</summary>
    Run = 4,
}

/// <summary>A wish of one of the turn's tenant. To take the same one twice does no harm.</summary>
internal sealed record TurnWish(string TenantId, string StreamId, WishKind Kind)
{
    /// <summary>Of a tool that the client runs; null: the wish is another one.</summary>
    public ToolResult? ToolResult { get; init; }
}
