namespace ChatGrpc.TestKit.Providers;

/// <summary>A call of a tool, as a model makes it.</summary>
/// <param name="Id">Not sent by wires that have none.</param>
/// <param name="Pieces">Of the arguments' JSON, as they are streamed; together they are an object.</param>
internal sealed record ScriptedCall(string Id, string Name, params string[] Pieces)
{
    public string Arguments => string.Concat(Pieces);
}

/// <summary>What a model says, where a wire wants it in one piece.</summary>
internal sealed record ScriptedAnswer(string Text)
{
    public string Reasoning { get; init; } = "";

    public IReadOnlyList<ScriptedCall> Calls { get; init; } = [];

    /// <summary>The provider's own word for why it finished; null: the one for an answer that is whole.</summary>
    public string? Reason { get; init; }
}
