using System.Text;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Conversations;

/// <summary>What must hold of a session and its messages beside being of the right form.</summary>
internal static class ImportRules
{
    private const int MaxNameScalars = 128;
    private const int MaxTextScalars = 100_000;
    private const int MaxParts = 17;

    /// <summary>The sentence that says what is wrong; null: nothing.</summary>
    public static string? Check(Session session) =>
        !SessionTitle.IsOne(session.Title) ? $"title: must be one line of 1 to {SessionTitle.MaxScalars} Unicode scalars."
        : !IsTime(session.CreateTime) ? "create_time: is required, and not before 1970."
        : !IsTime(session.UpdateTime) ? "update_time: is required, and not before 1970."
        : null;

    /// <summary>Those before it are known by their ids and roles.</summary>
    public static string? Check(Message message, IReadOnlyDictionary<string, MessageRole> before) =>
        !IsId(message.MessageId) ? "message_id: must be a UUID in lower case."
        : before.ContainsKey(message.MessageId) ? "message_id: an earlier message has it."
        : message.ParentMessageId.Length > 0 && !before.ContainsKey(message.ParentMessageId)
            ? "parent_message_id: must be an earlier message."
        : !IsId(message.StreamId) ? "stream_id: must be a UUID in lower case."
        : !IsTime(message.CreateTime) ? "create_time: is required, and not before 1970."
        : IsTooLong(message.Author, MaxNameScalars) ? $"author: must be at most {MaxNameScalars} Unicode scalars."
        : CheckParts(message)
        ?? message.Role switch
        {
            MessageRole.User => CheckUser(message),
            MessageRole.Assistant => CheckAnswer(message, before),
            _ => "role: must be MESSAGE_ROLE_USER or MESSAGE_ROLE_ASSISTANT.",
        };

    /// <summary>Ours are UUIDs, and nothing else is ever looked up among them.</summary>
    public static bool IsId(string id) => Guid.TryParseExact(id, "D", out var parsed) && parsed.ToString() == id;

    private static string? CheckUser(Message message) =>
        message.State != StreamState.Completed ? "state: must be STREAM_STATE_COMPLETED for a user's message."
        : message.Parts.Count == 0 ? "parts: must not be empty for a user's message."
        : message.Parts.Any(part => IsTooLong(part.Text, MaxTextScalars))
            ? $"parts: must be at most {MaxTextScalars} Unicode scalars each."
        : message.Usage is not null || message.Reasoning.Length > 0 || message.ToolCalls.Count > 0
            || message.ToolResults.Count > 0 || message.Documents.Count > 0
            || message.FinishReason != FinishReason.Unspecified
            ? "A user's message has nothing but its parts."
        : null;

    private static string? CheckAnswer(Message message, IReadOnlyDictionary<string, MessageRole> before) =>
        message.State == StreamState.Unspecified || !Enum.IsDefined(message.State) ? "state: must be one of a turn's."
        : !Enum.IsDefined(message.FinishReason) ? "finish_reason: is not a known value."
        : before.GetValueOrDefault(message.ParentMessageId) != MessageRole.User
            ? "parent_message_id: an answer follows a user's message."
        : message.Usage is { } usage && !Enum.IsDefined(usage.Source) ? "usage.source: is not a known value."
        : message.ToolCalls.Any(call => !Enum.IsDefined(call.Kind)) ? "tool_calls.kind: is not a known value."
        : null;

    private static string? CheckParts(Message message) =>
        message.Parts.Count > MaxParts ? $"parts: must be at most {MaxParts}."
        : message.Parts.Any(part => part.ContentCase == Part.ContentOneofCase.None)
            ? "parts: each has a text or an image."
        : message.Parts.Select(part => part.Image).OfType<Image>().Any(image => !IsPicture(image))
            ? "parts: an image must be of the type that it says, one that models read, and at most 10 MiB."
        : null;

    private static bool IsPicture(Image image) =>
        image.Data.Length <= ImageType.MaxBytes && ImageType.IsKnown(image.MediaType) && ImageType.Holds(image);

    // Milliseconds since 1970 are what stores keep.
    private static bool IsTime(Google.Protobuf.WellKnownTypes.Timestamp? time) => time is { Seconds: >= 0 };

    private static bool IsTooLong(string text, int maxScalars) =>
        text.Length > maxScalars && text.EnumerateRunes().Count() > maxScalars;
}
