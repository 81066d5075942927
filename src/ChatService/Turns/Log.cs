using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>What turns tell the operator. No text of a conversation.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Debug,
        "Stream {StreamId} ended {State} (stop {Cause}, reason '{Reason}') after {LastSequence} events.")]
    public static partial void TurnEnded(
        ILogger logger, string streamId, StreamState state, StopCause cause, string reason, long lastSequence);

    [LoggerMessage(1010, LogLevel.Warning, "Stream {StreamId} failed at {Provider} {Model}: {Failure} ({Reason})")]
    public static partial void TurnFailed(
        ILogger logger, string streamId, string provider, string model, string failure, string reason);

    [LoggerMessage(1002, LogLevel.Error, "Stream {StreamId} failed by a bug; incident {Incident}.")]
    public static partial void TurnCrashed(ILogger logger, string streamId, string incident, Exception bug);

    [LoggerMessage(1003, LogLevel.Warning, "Stream {StreamId} could not read its conversation.")]
    public static partial void StoreFailed(ILogger logger, string streamId, Exception failure);

    [LoggerMessage(1004, LogLevel.Warning, "{Count} streams could not be written; trying again until they can.")]
    public static partial void FlushFailed(ILogger logger, int count, Exception failure);

    [LoggerMessage(1008, LogLevel.Warning, "The store takes writes again, after {Failures} that failed.")]
    public static partial void FlushRecovered(ILogger logger, int failures);

    [LoggerMessage(1009, LogLevel.Error,
        "Stopping without all answers saved, because the store cannot be written; the next start ends them.")]
    public static partial void StoppedUnsaved(ILogger logger);

    [LoggerMessage(1005, LogLevel.Error, "Stream {StreamId} has another owner; this instance gives it up.")]
    public static partial void Fenced(ILogger logger, string streamId);

    [LoggerMessage(1007, LogLevel.Error,
        "Stream {StreamId} cannot be written and ends with what the store has of it; others are not affected.")]
    public static partial void SetAside(ILogger logger, string streamId, Exception refusal);

    [LoggerMessage(1011, LogLevel.Warning, "Logs whose time is over could not be dropped; trying again later.")]
    public static partial void RetentionFailed(ILogger logger, Exception failure);

    [LoggerMessage(1012, LogLevel.Information,
        "Stopping when the answers that are being made have ended, {Grace} from now at the latest; "
        + "a second signal ends them at once.")]
    public static partial void Draining(ILogger logger, TimeSpan grace);

    [LoggerMessage(1006, LogLevel.Warning,
        "A process of the service that ended without a stop interrupted {Count} answers: {StreamIds}. "
        + "Their conversations hold what was saved.")]
    public static partial void TakenOver(ILogger logger, int count, string streamIds);

    [LoggerMessage(1013, LogLevel.Warning,
        "The service takes no calls yet and waits for its store: {Reason} It is asked until it answers.")]
    public static partial void WaitsForStore(ILogger logger, string reason, Exception failure);

    [LoggerMessage(1014, LogLevel.Warning, "The store answers, after {Waited}.")]
    public static partial void StoreIsBack(ILogger logger, TimeSpan waited);

    [LoggerMessage(1015, LogLevel.Warning,
        "Stream {StreamId} was opened by a commit of which nobody knew; it ends without a model having been asked.")]
    public static partial void OpenedLate(ILogger logger, string streamId);

    [LoggerMessage(1016, LogLevel.Error,
        "Stream {StreamId} ends without its text in the message, which the store does not take; its events have it.")]
    public static partial void EndedWithoutText(ILogger logger, string streamId, Exception refusal);

    [LoggerMessage(1017, LogLevel.Error, "Stream {StreamId} was running in the store and nowhere else; it has ended.")]
    public static partial void OrphanFound(ILogger logger, string streamId);

    [LoggerMessage(1019, LogLevel.Error,
        "Stream {StreamId} runs nowhere and cannot be ended; its session is busy until it can.")]
    public static partial void NotTakenOver(ILogger logger, string streamId, Exception failure);

    [LoggerMessage(1018, LogLevel.Warning, "What nobody runs could not be looked for; trying again until it can.")]
    public static partial void OrphansUnknown(ILogger logger, Exception failure);

    [LoggerMessage(1020, LogLevel.Error,
        "This process was taken for dead ({Incarnation}), because it was frozen or cut off from its store; its answers "
        + "were ended by others, and it goes on with new ones.")]
    public static partial void TakenForDead(ILogger logger, string incarnation);

    [LoggerMessage(1022, LogLevel.Warning,
        "What others want of the turns that run here could not be read; trying again until it can.")]
    public static partial void WishesUnknown(ILogger logger, Exception failure);

    [LoggerMessage(1021, LogLevel.Error, "A sign of life could not be given; trying again.")]
    public static partial void RenewalFailed(ILogger logger, Exception failure);
}
