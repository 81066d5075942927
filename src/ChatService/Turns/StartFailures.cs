using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using Google.Rpc;

namespace ChatGrpc.Turns;

/// <summary>Why a turn did not begin; nothing of it was saved.</summary>
internal static class StartFailures
{
    // There are no agents yet, so there is no near name to suggest either.
    public static Failure AgentNotFound(string agent) =>
        new(Code.NotFound, "AGENT_NOT_FOUND", $"There is no agent '{Shown(agent)}'.");

    public static Failure ModelNotFound(string model, ModelCatalogue models) => new(
        Code.NotFound,
        "MODEL_NOT_FOUND",
        $"There is no model '{Shown(model)}'.{models.Suggest(model)} "
        + $"Models here: {string.Join(", ", models.Aliases)}.");

    /// <summary>Also of a message of another session or tenant: who asks learns nothing of it.</summary>
    public static Failure MessageNotFound(string messageId) =>
        new(Code.NotFound, "MESSAGE_NOT_FOUND", $"The session has no message '{Shown(messageId)}'.");

    public static Failure AnswerEdited { get; } = Failure.InvalidRequest(
        [new FieldViolation("edit_message_id", "must be a user's message; regenerate_message_id takes an answer")]);

    /// <summary>Why a turn's answer cannot be carried on; null: it can.</summary>
    public static Failure? NotContinued(StreamRecord? continued, StreamChatRequest request) => continued switch
    {
        null => ReadFailures.StreamNotFound,
        _ when request.SessionId.Length > 0 && request.SessionId != continued.SessionId =>
            new Failure(Code.NotFound, "STREAM_NOT_FOUND", "The session has no such stream."),
        { IsOpen: true } => new Failure(
            Code.FailedPrecondition, "STREAM_OPEN", "The answer is still being made: read it with resume."),
        { State: StreamState.Completed } => new Failure(
            Code.FailedPrecondition, "ANSWER_COMPLETE", "The answer is complete: there is nothing to carry on."),
        _ => null,
    };

    public static Failure NotOpened(OpenResult result, StreamChatRequest request) => result.Outcome switch
    {
        OpenOutcome.SessionBusy => new Failure(
            Code.Aborted, "SESSION_BUSY", "The session is still answering another message.")
        {
            Retryable = true,
            Metadata = new Dictionary<string, string> { ["stream_id"] = result.StreamId },
        },
        OpenOutcome.QueueFull => new Failure(
            Code.ResourceExhausted, "QUEUE_FULL", "Too many messages of the session wait for their answers.")
        {
            Retryable = true,
            Metadata = new Dictionary<string, string> { ["stream_id"] = result.StreamId },
        },
        OpenOutcome.RequestIdTaken => new Failure(
            Code.AlreadyExists, "REQUEST_ID_TAKEN", "Another message was sent under this client_request_id before.")
        {
            Metadata = new Dictionary<string, string> { ["stream_id"] = result.StreamId },
        },
        OpenOutcome.ParentNotFound when request.ContinueFrom.Length > 0 => ReadFailures.StreamNotFound,
        OpenOutcome.ParentNotFound when request.EditMessageId.Length > 0 => MessageNotFound(request.EditMessageId),
        OpenOutcome.ParentNotFound when request.RegenerateMessageId.Length > 0 =>
            MessageNotFound(request.RegenerateMessageId),
        OpenOutcome.ParentNotFound => new Failure(
            Code.NotFound, "PARENT_NOT_FOUND", $"The session has no message '{Shown(request.ParentMessageId)}'."),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "The turn was opened."),
    };

    // A name as long as a novel is not repeated in whole.
    private static string Shown(string name) => name.Length <= 100 ? name : name[..100] + "…";
}
