using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>How a turn ends, and the events shown before its closing commit: done or error.</summary>
/// <param name="Events">In their order.</param>
internal sealed record TurnEnding(StreamState State, IReadOnlyList<StreamChatResponse> Events)
{
    /// <summary>The turn's last step, committed with its end; none if it ended otherwise.</summary>
    public IReadOnlyList<TurnStep> Steps { get; init; } = [];

    /// <summary>The reason of a failure; empty: none.</summary>
    public string Reason => Events[^1].Error?.Reason ?? "";

    public FinishReason FinishReason => Events[^1].Done?.FinishReason ?? FinishReason.Unspecified;

    public static TurnEnding Completed(StreamChatResponse done) => new(StreamState.Completed, [done]);

    public static TurnEnding Cancelled() =>
        new(StreamState.Cancelled, [ClosingEvents.Done(FinishReason.Cancelled, "")]);

    public static TurnEnding Failed(StreamChatResponse error) => new(StreamState.Failed, [error]);

    public static TurnEnding Failed(Failure failure) => Failed(ClosingEvents.Error(failure));

    public static TurnEnding Interrupted() => new(
        StreamState.Interrupted,
        [
            ClosingEvents.Warn("OWNER_LOST", "Whoever made this answer is gone."),
            ClosingEvents.Error(TurnFailures.Interrupted),
        ]);

    /// <summary>No model was asked: its sender does not expect it.</summary>
    public static TurnEnding OpenedLate() => new(
        StreamState.Interrupted,
        [
            ClosingEvents.Warn("OWNER_LOST", "Whoever sent this message was told that it could not be saved."),
            ClosingEvents.Error(TurnFailures.OpenedLate),
        ]);

    /// <summary>What a stop's cause comes to.</summary>
    public static TurnEnding Of(StopCause cause, TurnOptions options) => cause switch
    {
        StopCause.Cancelled or StopCause.ClientGone => Cancelled(),
        StopCause.Total => Failed(TurnFailures.TotalLimit(options.Total)),
        StopCause.Shutdown or StopCause.LostLease => Interrupted(),
        StopCause.OpenedLate => OpenedLate(),
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "This stops nothing."),
    };

    /// <summary>
    /// A placeholder that never got text stays as it is when a turn fails; everything else is told as saved.
    /// </summary>
    public bool Saves(AnswerText said) =>
        State is StreamState.Completed or StreamState.Cancelled || !said.IsEmpty;
}
