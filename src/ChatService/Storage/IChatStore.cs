using Chat.V1;
using ChatGrpc.Storage.Search;

namespace ChatGrpc.Storage;

/// <summary>
/// Where conversations and the logs of turns are kept. Every method may be called from any thread, and throws
/// <see cref="StoreException"/> when the store cannot be reached or refuses; what was to be written is then not
/// written, unless the exception says that its outcome is unknown. Each query that serves a request names the tenant:
/// another tenant's ids are like ids that do not exist.
/// </summary>
internal interface IChatStore
{
    /// <summary>Other processes may use it at the same time.</summary>
    bool IsShared { get; }

    /// <summary>
    /// Makes the store ready for this process, before anything else is asked of it: its schema, and where it is not
    /// shared its single user. May be tried again after a StoreException.
    /// </summary>
    /// <exception cref="Model.StartupException">It can never be used as it is.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The opening commit: the session (made if absent), the user's message, the answer's placeholder and the stream
    /// with its claims on the session and the request id; all of it or, on any other outcome than Opened and Queued,
    /// nothing. A stream that the store has already was sent before, whatever else would be in its way: what came of an
    /// opening of unknown outcome is found out by trying it again.
    /// </summary>
    Task<OpenResult> OpenTurnAsync(NewTurn turn, CancellationToken cancellationToken);

    /// <summary>
    /// One commit for the events of many streams, and for the closing of those that end. A write takes effect only
    /// if the stream is still open in the epoch it names and its log ends right before the write's first event. One
    /// result for each write, in order. A closing lets the session's next queued turn run, if none else does.
    /// </summary>
    Task<IReadOnlyList<WriteResult>> CommitAsync(
        IReadOnlyList<TurnWrite> writes, CancellationToken cancellationToken);

    Task<StreamRecord?> FindStreamAsync(string tenantId, string streamId, CancellationToken cancellationToken);

    Task<StreamRecord?> FindStreamOfRequestAsync(
        string tenantId, string clientRequestId, CancellationToken cancellationToken);

    /// <summary>
    /// A session's open turns in the order in which they run, or, if there is none, its newest one. Empty: there is no
    /// such session.
    /// </summary>
    Task<IReadOnlyList<StreamRecord>> ListSessionStreamsAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken);

    /// <summary>The last sequence that was committed in an epoch or in one before it; 0: none.</summary>
    Task<long> FindFenceAsync(string tenantId, string streamId, long epoch, CancellationToken cancellationToken);

    /// <summary>
    /// The committed events after a sequence, in order; about so many, and not many more than 256 KiB of them.
    /// </summary>
    Task<IReadOnlyList<StreamChatResponse>> ReadEventsAsync(
        string tenantId, string streamId, long afterSequence, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Where the streams are now, and what follows their places, in order; not more than about 256 KiB of each, so that
    /// there may be more. One that is not there is gone.
    /// </summary>
    Task<IReadOnlyList<FollowedStream>> FollowAsync(
        IReadOnlyList<FollowedPlace> places, CancellationToken cancellationToken);

    /// <summary>
    /// The newest messages on the branch that ends with the given message, that one included, oldest first. Of their
    /// steps, only those that made documents.
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

    /// <summary>
    /// A session's messages, of all branches or of one. Null: there is no such session; nothing of one branch: there is
    /// no such message.
    /// </summary>
    Task<MessagePage?> ListMessagesAsync(
        string tenantId, string sessionId, MessageQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// What has changed in a session since a revision; about 1 MiB of it at most. Null: there is no such session.
    /// </summary>
    Task<SessionChanges?> ListChangesAsync(
        string tenantId, string sessionId, long afterRevision, CancellationToken cancellationToken);

    /// <summary>
    /// In which states the sessions are, of whichever tenants. One that is not there is gone.
    /// </summary>
    Task<IReadOnlyDictionary<SessionKey, SessionVersion>> FindVersionsAsync(
        IReadOnlyCollection<SessionKey> sessions, CancellationToken cancellationToken);

    /// <summary>Gives a session a title. Null: there is no such session.</summary>
    Task<SessionRecord?> RenameSessionAsync(
        string tenantId, string sessionId, string title, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the newest message below the given one the session's head, or that one where nothing follows it.
    /// </summary>
    Task<BranchSelection> SelectBranchAsync(
        string tenantId, string sessionId, string messageId, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a session with its messages, whose turns have all ended and have no logs, in one commit; on any other
    /// outcome than Imported, nothing. Other tenants' ids are taken too, and who asks does not learn whose they are.
    /// </summary>
    Task<ImportOutcome> ImportSessionAsync(NewSession session, CancellationToken cancellationToken);

    /// <summary>
    /// The titles and the messages of turns that have ended that have all terms, the last saved first. A page may have
    /// fewer than the limit, also none, and still not be the last.
    /// </summary>
    Task<SearchPage> SearchAsync(string tenantId, SearchQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a session with all that belongs to it, the claims on request ids too; on any other outcome than
    /// Deleted, nothing.
    /// </summary>
    Task<DeleteResult> DeleteSessionAsync(string tenantId, string sessionId, CancellationToken cancellationToken);

    /// <summary>A turn's steps, in their order.</summary>
    Task<IReadOnlyList<TurnStep>> ReadStepsAsync(
        string tenantId, string streamId, CancellationToken cancellationToken);

    /// <summary>
    /// An incarnation of the service begins: it lives for so long from now, by the store's clock. In a store that is
    /// not shared this, as the next two, does nothing.
    /// </summary>
    Task EnterAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// It lives for so long from now. False: it has been taken for dead, its turns are others', and it never comes
    /// back.
    /// </summary>
    Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>It ends: what it leaves may be taken over at once.</summary>
    Task LeaveAsync(string incarnation, CancellationToken cancellationToken);

    /// <summary>
    /// Turns of an incarnation that wait, for their session or their client, are nobody's from now on and may be taken
    /// over at once. Those that a commit has let run since, and that have no event, wait again. In a store that is not
    /// shared, nothing.
    /// </summary>
    Task ReleaseAsync(string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken);

    /// <summary>
    /// Takes over the open turns of incarnations that do not live: each is in a new epoch from now on, which withdraws
    /// what was shown of it and not committed. Whose lease is over is dead from then on; but only for one whose own has
    /// been renewed in good time for a whole lease, so that after an outage all have had the time to renew theirs. In a
    /// store that is not shared all others are dead.
    /// </summary>
    /// <returns>Those that were taken over, in the order in which they came.</returns>
    Task<IReadOnlyList<StoredTurn>> TakeOverAsync(
        string incarnation, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>The open turns of an incarnation, in the order in which they came.</summary>
    Task<IReadOnlyList<StoredTurn>> ListOpenAsync(string incarnation, CancellationToken cancellationToken);

    /// <summary>
    /// Lets an incarnation's queued turns run that are the next ones of a session where nothing runs, and that nobody
    /// wishes to end.
    /// </summary>
    /// <param name="waiting">Streams that are the incarnation's and wait, as far as it knows.</param>
    /// <returns>The states of those of them that are open and its own.</returns>
    Task<IReadOnlyDictionary<string, StreamState>> PromoteQueuedAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken);

    /// <summary>
    /// Writes down what somebody wants of a turn, for its owner; nothing if it is not open. In a store that is not
    /// shared nobody would take it.
    /// </summary>
    Task WishAsync(TurnWish wish, CancellationToken cancellationToken);

    /// <summary>
    /// What is wanted of the turns of an incarnation, in the order in which it was written: that they are to end, until
    /// they have; and the rest once: who made a wish looks for what comes of it, and makes it again if that is nothing.
    /// </summary>
    Task<IReadOnlyList<TurnWish>> TakeWishesAsync(string incarnation, CancellationToken cancellationToken);

    /// <summary>
    /// Drops the logs of streams that ended before a time, and their claims on request ids; at most so many streams at
    /// once. How many those were.
    /// </summary>
    Task<int> ExpireLogsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken);
}

/// <summary>The store is out of reach or refused. The message is safe to show to a client.</summary>
internal sealed class StoreException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>The store is there, and will not take just this, however often it is asked.</summary>
    public bool Refused { get; init; }

    /// <summary>What was to be written may have been committed all the same, or may be yet, within seconds.</summary>
    public bool OutcomeUnknown { get; init; }
}
