using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Turns;

/// <summary>The events around a turn's end.</summary>
internal static class ClosingEvents
{
    public static StreamChatResponse Warn(string code, string message) =>
        new() { Warning = new Warning { Code = code, Message = message } };

    public static StreamChatResponse PersistenceDelayed() => Warn(
        "PERSISTENCE_DELAYED", "What is said cannot be saved at the moment; that is done as soon as it can be.");

    public static StreamChatResponse Done(FinishReason reason, string verbatim) =>
        new() { Done = new Done { FinishReason = reason, ProviderFinishReason = verbatim } };

    public static StreamChatResponse Error(Failure failure)
    {
        var error = new Error
        {
            Code = (int)failure.Code,
            Reason = failure.Reason,
            Message = failure.Message,
            Retryable = failure.Retryable,
            Metadata = { failure.Metadata.ToDictionary() },
        };
        if (failure.RetryAfter is { } wait)
        {
            error.RetryAfterMs = (long)wait.TotalMilliseconds;
        }

        return new StreamChatResponse { Error = error };
    }

    public static StreamChatResponse Saved(string messageId, TimeSpan processingTime) => new()
    {
        ResponseSaved = new ResponseSaved
        {
            MessageId = messageId,
            ProcessingTimeMs = (long)processingTime.TotalMilliseconds,
        },
    };
}
