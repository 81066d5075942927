using ChatGrpc.Model;
using Google.Rpc;

namespace ChatGrpc.Turns;

/// <summary>The failures that come from the service itself, not from a provider.</summary>
internal static class TurnFailures
{
    /// <summary>The script ended without done or error: no answer is ever called complete without its end.</summary>
    public static readonly Failure Cut =
        new(Code.Unavailable, "PROVIDER_STREAM_CUT", "The model's answer ended without its end marker.")
        {
            Retryable = true,
        };

    public static readonly Failure Interrupted =
        new(Code.Unavailable, "TURN_INTERRUPTED", "The service stopped in the middle of the answer.")
        {
            Retryable = true,
        };

    public static readonly Failure OpenedLate =
        new(Code.Unavailable, "TURN_OPENED_LATE", "The message was saved too late for an answer: send it anew.")
        {
            Retryable = true,
        };

    public static readonly Failure Stopping =
        new(Code.Unavailable, "SERVICE_STOPPING", "The service is stopping and takes no more messages.")
        {
            Retryable = true,
        };

    public static readonly Failure StoreAway =
        new(Code.Unavailable, "STORE_UNAVAILABLE", "The conversations cannot be reached at the moment.")
        {
            Retryable = true,
        };

    public static readonly Failure Overloaded =
        new(Code.ResourceExhausted, "OVERLOADED", "The service has as much to do as its memory allows.")
        {
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(1),
            Metadata = new Dictionary<string, string> { ["limit"] = "Chat:Turns:MaxMemory" },
        };

    public static readonly Failure OwnerLost =
        new(Code.Unavailable, "OWNER_LOST", "This instance no longer owns the stream: resume it.")
        {
            Retryable = true,
        };

    public static readonly Failure StreamDeleted =
        new(Code.NotFound, "STREAM_NOT_FOUND", "The stream was deleted with its session.");

    public static Failure TotalLimit(TimeSpan limit) => new(
        Code.DeadlineExceeded, "TURN_TIMEOUT", $"The answer took longer than {limit.TotalSeconds:0.###} s.")
    {
        Retryable = true,
    };

    /// <summary>What is wrong with it is the answer's own text, and not told here.</summary>
    public static readonly Failure WrongForm =
        new(Code.Unavailable, "DOCUMENT_INVALID", "The model's answer is not of the form that was asked for.")
        {
            Retryable = true,
        };

    public static readonly Failure TooManyCalls =
        new(Code.ResourceExhausted, "TOOL_CALLS_TOO_MANY", "The model called more tools at once than a turn can bear.");

    public static Failure TooManyRounds(int limit) =>
        new(Code.ResourceExhausted, "TOOL_ROUNDS_EXCEEDED",
            $"The model went on calling tools after {limit} rounds, and did not answer.");

    public static Failure NoToolResult(TimeSpan limit) =>
        new(Code.DeadlineExceeded, "TOOL_RESULT_TIMEOUT",
            $"The result of a tool that the client runs did not come within {limit}.")
        {
            Retryable = true,
        };

    public static Failure AnswerTooLong(int limit) =>
        new(Code.ResourceExhausted, "ANSWER_TOO_LONG", $"The answer is longer than {limit} characters.");

    /// <param name="incident">The id under which the service's log has the rest.</param>
    public static Failure Bug(string incident) =>
        new(Code.Internal, "INTERNAL", $"Something went wrong in the service; its log has it as {incident}.");
}
