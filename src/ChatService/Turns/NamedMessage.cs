using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>The message that a request edits, or answers once more.</summary>
/// <param name="UserMessageId">The one to answer; null: the request brings its own.</param>
/// <param name="Failure">Why the request cannot be about it; null: it can.</param>
internal sealed record NamedMessage(string? UserMessageId, Failure? Failure)
{
    private static readonly NamedMessage None = new(null, null);

    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public static async Task<NamedMessage> FindAsync(
        IChatStore store, string tenantId, StreamChatRequest request, CancellationToken cancellationToken)
    {
        var (edited, regenerated) = (request.EditMessageId, request.RegenerateMessageId);
        var id = edited.Length > 0 ? edited : regenerated;
        if (id.Length == 0)
        {
            return None;
        }

        // An answer comes with the message that it answers.
        var branch = await store.ReadBranchAsync(tenantId, request.SessionId, id, limit: 2, cancellationToken);
        return branch switch
        {
            [] => new NamedMessage(null, StartFailures.MessageNotFound(id)),
            [.., { Role: MessageRole.Assistant }] when edited.Length > 0 =>
                new NamedMessage(null, StartFailures.AnswerEdited),
            [.., { Role: MessageRole.User }] when edited.Length > 0 => None,
            [.., { Role: MessageRole.User } user] => new NamedMessage(user.MessageId, null),
            [.., var user, _] => new NamedMessage(user.MessageId, null),
            _ => throw new InvalidOperationException($"The answer {id} follows nothing."),
        };
    }
}
