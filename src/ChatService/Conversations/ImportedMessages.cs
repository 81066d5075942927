using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Conversations;

/// <summary>Messages of the contract as a store takes them.</summary>
internal static class ImportedMessages
{
    public static ListedMessage Of(Message message, long ordinal)
    {
        var isAnswer = message.Role == MessageRole.Assistant;
        var record = new MessageRecord(
            message.MessageId,
            message.ParentMessageId.Length > 0 ? message.ParentMessageId : null,
            message.Role,
            message.Author,
            [.. message.Parts],
            isAnswer ? Ended(message.State) : StreamState.Completed)
        {
            Steps = isAnswer ? [.. Steps(message)] : [],
        };
        return new ListedMessage(
            record, ordinal, message.Reasoning, message.StreamId, message.CreateTime.ToDateTimeOffset(), message.Usage,
            message.FinishReason, Revision: 1);
    }

    // Nobody is making it any more.
    private static StreamState Ended(StreamState state) =>
        state is StreamState.Queued or StreamState.Running or StreamState.Waiting ? StreamState.Interrupted : state;

    // Which results came after which answer is not in the file, and of no interest once the turn has ended.
    private static IEnumerable<TurnStep> Steps(Message message)
    {
        var events = new List<StreamChatResponse>();
        events.AddRange(message.ToolCalls.Select(call => new StreamChatResponse { ToolCall = call }));
        events.AddRange(message.ToolResults.Select(result => new StreamChatResponse { ToolResult = result }));
        events.AddRange(message.Documents.Select(document => new StreamChatResponse { Document = document }));
        if (events.Count > 0)
        {
            yield return new TurnStep(1, StepKind.Model, StreamState.Completed, events);
        }
    }
}
