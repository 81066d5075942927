using Chat.V1;

namespace ChatGrpc.Storage;

/// <summary>
/// Where conversations and the logs of turns are kept. Every method may be called from any thread, and throws
/// <see cref="StoreException"/> when the store cannot be reached or refuses; what was to be written is then not
/// written. Each query that serves a request names the tenant: another tenant's ids are like ids that do not exist.
/// </summary>
internal interface IChatStore
{
    /// <summary>
    /// The opening commit: the session (made if absent), the user's message, the answer's placeholder and the stream
    /// with its claims on the session and the request id; all of it or, on any other outcome than Opened, nothing.
    /// </summary>
    Task<OpenResult> OpenTurnAsync(NewTurn turn, CancellationToken cancellationToken);

    /// <summary>
    /// One commit for the events of many streams, and for the closing of those that end. A write takes effect only
    /// if the stream still runs in the epoch it names and its log ends right before the write's first event. One
    /// outcome for each write, in order.
    /// </summary>
    Task<IReadOnlyList<WriteOutcome>> CommitAsync(
        IReadOnlyList<TurnWrite> writes, CancellationToken cancellationToken);

    Task<StreamRecord?> FindStreamAsync(string tenantId, string streamId, CancellationToken cancellationToken);

    /// <summary>The committed events after a sequence, in order; at most about a chunk more than the limit.</summary>
    Task<IReadOnlyList<StreamChatResponse>> ReadEventsAsync(
        string streamId, long afterSequence, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The newest messages on the branch that ends with the given message, that one included, oldest first.
    /// </summary>
    Task<IReadOnlyList<MessageRecord>> ReadBranchAsync(
        string tenantId, string sessionId, string messageId, int limit, CancellationToken cancellationToken);

    /// <summary>Null: there is no such session.</summary>
    Task<SessionRecord?> FindSessionAsync(string tenantId, string sessionId, CancellationToken cancellationToken);

    /// <summary>
    /// The sessions, the last one to change first; of two that changed at the same time, the greater id first.
    /// </summary>
    /// <param name="after">The last one given; null: none was.</param>
    Task<SessionPage> ListSessionsAsync(
        string tenantId, SessionPlace? after, int limit, CancellationToken cancellationToken);

    /// <summary>A session's messages, of all branches. Null: there is no such session.</summary>
    Task<MessagePage?> ListMessagesAsync(
        string tenantId, string sessionId, MessageQuery query, CancellationToken cancellationToken);

    /// <summary>Gives a session a title. Null: there is no such session.</summary>
    Task<SessionRecord?> RenameSessionAsync(
        string tenantId, string sessionId, string title, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a session with all that belongs to it, the claims on request ids too; on any other outcome than
    /// Deleted, nothing.
    /// </summary>
    Task<DeleteResult> DeleteSessionAsync(string tenantId, string sessionId, CancellationToken cancellationToken);

    /// <summary>Streams that are neither ended nor owned by a living process.</summary>
    Task<IReadOnlyList<StreamRecord>> ListOrphansAsync(CancellationToken cancellationToken);
}

/// <summary>The store is out of reach or refused. The message is safe to show to a client.</summary>
internal sealed class StoreException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>The store is there, and will not take just this, however often it is asked.</summary>
    public bool Refused { get; init; }
}
