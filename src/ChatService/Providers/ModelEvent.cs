using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Providers;

internal enum ModelEventKind
{
    Answer,
    Reasoning,
    ToolCall,
    Usage,
    Finished,
    Failed,
}

/// <summary>One thing that a model said. A struct: a token costs its text and nothing else.</summary>
internal readonly struct ModelEvent
{
    private readonly object? _detail;
    private readonly FinishReason _finishReason;

    private ModelEvent(ModelEventKind kind, string text, object? detail = null, FinishReason finishReason = default)
    {
        Kind = kind;
        Text = text;
        _detail = detail;
        _finishReason = finishReason;
    }

    public ModelEventKind Kind { get; }

    /// <summary>
    /// Answer, Reasoning: the delta, which may end in half a surrogate pair, continued by the next delta.
    /// ToolCall: the next piece of the arguments' JSON, likewise.
    /// Finished: the provider's own word for the reason.
    /// </summary>
    public string Text { get; }

    public ModelToolCall ToolCallDetail => (ModelToolCall)_detail!;

    public Usage UsageDetail => (Usage)_detail!;

    public Failure FailureDetail => (Failure)_detail!;

    public FinishReason FinishReason => _finishReason;

    public static ModelEvent Answer(string delta) => new(ModelEventKind.Answer, delta);

    public static ModelEvent Reasoning(string delta) => new(ModelEventKind.Reasoning, delta);

    public static ModelEvent ToolCall(ModelToolCall call, string argumentsDelta) =>
        new(ModelEventKind.ToolCall, argumentsDelta, call);

    public static ModelEvent Used(Usage usage) => new(ModelEventKind.Usage, "", usage);

    public static ModelEvent Finished(FinishReason reason, string verbatim) =>
        new(ModelEventKind.Finished, verbatim, null, reason);

    public static ModelEvent Failed(Failure failure) => new(ModelEventKind.Failed, "", failure);
}

/// <summary>A call that the model makes, known with its first piece.</summary>
/// <param name="Index">Tells the calls of one answer apart.</param>
/// <param name="Id">The provider's; empty: it gave none.</param>
internal sealed record ModelToolCall(int Index, string Id, string Name);
