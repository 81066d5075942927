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

    /// <summary>A try at a model begins; its provider is called next.</summary>
    Began,

    /// <summary>Something that the reader should know, as a step down the fallback layers.</summary>
    Warned,

    /// <summary>What was said since the call began is withdrawn; another model says it anew.</summary>
    Retracted,
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
    /// ToolCall: the delta of the arguments, which are JSON when they are whole; the first is often empty.
    /// Finished: the provider's own word for the reason.
    /// </summary>
    public string Text { get; }

    /// <summary>It is of the answer itself: whoever reads the turn has seen it.</summary>
    public bool IsShown => Kind == ModelEventKind.ToolCall
        || (Kind is ModelEventKind.Answer or ModelEventKind.Reasoning && Text.Length > 0);

    public ModelToolCall ToolCallDetail => (ModelToolCall)_detail!;

    public Usage UsageDetail => (Usage)_detail!;

    public Failure FailureDetail => (Failure)_detail!;

    public ModelAttempt AttemptDetail => (ModelAttempt)_detail!;

    public Warning WarningDetail => (Warning)_detail!;

    public FinishReason FinishReason => _finishReason;

    public static ModelEvent Answer(string delta) => new(ModelEventKind.Answer, delta);

    public static ModelEvent Reasoning(string delta) => new(ModelEventKind.Reasoning, delta);

    /// <param name="call">The same for all deltas of a call, so that none of them costs more than its text.</param>
    public static ModelEvent ToolCall(ModelToolCall call, string argumentsDelta) =>
        new(ModelEventKind.ToolCall, argumentsDelta, call);

    public static ModelEvent Used(Usage usage) => new(ModelEventKind.Usage, "", usage);

    public static ModelEvent Finished(FinishReason reason, string verbatim) =>
        new(ModelEventKind.Finished, verbatim, null, reason);

    public static ModelEvent Failed(Failure failure) => new(ModelEventKind.Failed, "", failure);

    public static ModelEvent Began(ModelAttempt attempt) => new(ModelEventKind.Began, "", attempt);

    public static ModelEvent Warned(Warning warning) => new(ModelEventKind.Warned, "", warning);

    public static ModelEvent Retracted() => new(ModelEventKind.Retracted, "");
}
