using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Tests.Storage;

namespace ChatGrpc.Tests.Conversations;

/// <summary>Sessions that are written as a whole.</summary>
internal static class Samples
{
    /// <summary>A user's message that follows nothing.</summary>
    public static ListedMessage Question(long ordinal, string text = "Hello") => new(
        new MessageRecord(Id(), null, MessageRole.User, "Ada", Sample.Text(text), StreamState.Completed),
        ordinal, "", Id(), Sample.Noon, null, FinishReason.Unspecified, 1);

    /// <summary>An answer with a document.</summary>
    public static ListedMessage Answer(long ordinal, ListedMessage question, Document document) => new(
        new MessageRecord(
            Id(), question.Message.MessageId, MessageRole.Assistant, "demo", Sample.Text("Here."),
            StreamState.Completed)
        {
            Steps =
            [
                new TurnStep(
                    1, StepKind.Model, StreamState.Completed, [new StreamChatResponse { Document = document }]),
            ],
        },
        ordinal, "", Id(), Sample.Noon, new Usage(), FinishReason.Stop, 1);

    /// <summary>Its head is the last message.</summary>
    public static NewSession Session(string tenant, string id, IReadOnlyList<ListedMessage> messages) => new(
        tenant, id, "Title", Sample.Noon, Sample.Noon, messages[^1].Message.MessageId, messages);

    private static string Id() => Guid.CreateVersion7().ToString();
}
