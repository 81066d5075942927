using ChatGrpc.Model;
using ChatGrpc.Storage;
using Google.Rpc;

namespace ChatGrpc.Turns;

/// <summary>Why a stream cannot be read.</summary>
internal static class ReadFailures
{
    /// <summary>Also of another tenant's stream: who asks learns nothing of it.</summary>
    public static Failure StreamNotFound => new(Code.NotFound, "STREAM_NOT_FOUND", "There is no such stream.");

    public static Failure BeyondTheEnd(long epoch, long last) => new(
        Code.OutOfRange, "RESUME_OUT_OF_RANGE", $"The stream is in epoch {epoch} and has come to sequence {last}.")
    {
        Metadata = new Dictionary<string, string> { ["epoch"] = $"{epoch}", ["last_sequence"] = $"{last}" },
    };

    public static Failure LogExpired(StreamRecord stream) => new(
        Code.FailedPrecondition, "LOG_EXPIRED",
        "The stream's events are no longer kept; its message is, see SessionService.ListMessages.")
    {
        Metadata = new Dictionary<string, string>
        {
            ["message_id"] = stream.MessageId,
            ["session_id"] = stream.SessionId,
            ["state"] = $"{stream.State}",
        },
    };
}
