using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Providers;

internal enum ModelEventKind
{
    Answer,
    Reasoning,
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
    /// Finished: the provider's own word for the reason.
    /// </summary>
    public string Text { get; }

    public Usage UsageDetail => (Usage)_detail!;

    public Failure FailureDetail => (Failure)_detail!;

    public FinishReason FinishReason => _finishReason;

    public static ModelEvent Answer(string delta) => new(ModelEventKind.Answer, delta);

    public static ModelEvent Reasoning(string delta) => new(ModelEventKind.Reasoning, delta);

    public static ModelEvent Used(Usage usage) => new(ModelEventKind.Usage, "", usage);

    public static ModelEvent Finished(FinishReason reason, string verbatim) =>
        new(ModelEventKind.Finished, verbatim, null, reason);

    public static ModelEvent Failed(Failure failure) => new(ModelEventKind.Failed, "", failure);
}
