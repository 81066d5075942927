using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;

namespace Simulation.Tests.Store;

/// <summary>
/// A store in memory that outlives the processes of a schedule. Every call takes effect at once and whole; what goes
/// in and out is copied, as by a store on disk.
/// </summary>
/// <param name="clock">Of a store that several processes share; null: one has it alone.</param>
internal sealed partial class MemoryStore(StoreFlaw flaw = StoreFlaw.None, TimeProvider? clock = null) : IChatStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Session), StoredSession> _sessions = [];
    private readonly Dictionary<string, StoredStream> _streams = [];

    /// <summary>In the order in which they were opened.</summary>
    public IEnumerable<StoredStream> Streams => _streams.Values;

    public IEnumerable<StoredSession> Sessions => _sessions.Values;

    public StoredStream? Find(string streamId) => _streams.GetValueOrDefault(streamId);

    private StoredStream? Find(string tenantId, string streamId) =>
        Find(streamId) is { } found && found.Record.TenantId == tenantId ? found : null;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<OpenResult> OpenTurnAsync(NewTurn turn, CancellationToken cancellationToken) =>
        DoAsync(() => Open(turn), cancellationToken);

    public Task<IReadOnlyList<WriteResult>> CommitAsync(
        IReadOnlyList<TurnWrite> writes, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<WriteResult>>(() => [.. writes.Select(Commit)], cancellationToken);

    public Task<StreamRecord?> FindStreamAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) =>
        DoAsync(
            () => Find(streamId)?.Record is { } found && found.TenantId == tenantId ? found : null, cancellationToken);

    public Task<StreamRecord?> FindStreamOfRequestAsync(
        string tenantId, string clientRequestId, CancellationToken cancellationToken) =>
        DoAsync(() => OfRequest(tenantId, clientRequestId)?.Record, cancellationToken);

    public Task<IReadOnlyList<StreamRecord>> ListSessionStreamsAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        DoAsync(() => SessionStreams(tenantId, sessionId), cancellationToken);

    public Task<long> FindFenceAsync(
        string tenantId, string streamId, long epoch, CancellationToken cancellationToken) =>
        DoAsync(() => Fence(tenantId, streamId, epoch), cancellationToken);

    public Task<IReadOnlyList<StreamChatResponse>> ReadEventsAsync(
        string tenantId, string streamId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<StreamChatResponse>>(
            () => Events(tenantId, streamId, afterSequence, limit), cancellationToken);

    public Task<IReadOnlyList<FollowedStream>> FollowAsync(
        IReadOnlyList<FollowedPlace> places, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<FollowedStream>>(
            () => [.. places.Select(Follow).OfType<FollowedStream>()], cancellationToken);

    public Task<IReadOnlyList<MessageRecord>> ReadBranchAsync(
        string tenantId, string sessionId, string messageId, int limit, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<MessageRecord>>(
            () => Branch(tenantId, sessionId, messageId, limit), cancellationToken);

    public Task<SessionRecord?> FindSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        DoAsync(() => Session(tenantId, sessionId)?.ToRecord(), cancellationToken);

    public Task<SessionPage> ListSessionsAsync(
        string tenantId, SessionPlace? after, int limit, CancellationToken cancellationToken) =>
        DoAsync(() => SessionsAfter(tenantId, after, limit), cancellationToken);

    public Task<MessagePage?> ListMessagesAsync(
        string tenantId, string sessionId, MessageQuery query, CancellationToken cancellationToken) =>
        DoAsync(
            () => Session(tenantId, sessionId) is { } session ? Messages(session, query) : null, cancellationToken);

    public Task<SessionChanges?> ListChangesAsync(
        string tenantId, string sessionId, long afterRevision, CancellationToken cancellationToken) =>
        DoAsync(
            () => Session(tenantId, sessionId) is { } session ? Changes(session, afterRevision) : null,
            cancellationToken);

    public Task<IReadOnlyDictionary<SessionKey, SessionVersion>> FindVersionsAsync(
        IReadOnlyCollection<SessionKey> sessions, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyDictionary<SessionKey, SessionVersion>>(() => Versions(sessions), cancellationToken);

    public Task<SessionRecord?> RenameSessionAsync(
        string tenantId, string sessionId, string title, DateTimeOffset at, CancellationToken cancellationToken) =>
        DoAsync(() => Rename(tenantId, sessionId, title, at), cancellationToken);

    public Task<BranchSelection> SelectBranchAsync(
        string tenantId, string sessionId, string messageId, CancellationToken cancellationToken) =>
        DoAsync(() => Select(Session(tenantId, sessionId), messageId), cancellationToken);

    public Task<ImportOutcome> ImportSessionAsync(NewSession session, CancellationToken cancellationToken) =>
        DoAsync(() => Import(session), cancellationToken);

    public Task<SearchPage> SearchAsync(
        string tenantId, SearchQuery query, CancellationToken cancellationToken) =>
        DoAsync(() => SearchReading.Page(Searched(tenantId, query), query), cancellationToken);

    public Task<DeleteResult> DeleteSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        DoAsync(() => Delete(tenantId, sessionId), cancellationToken);

    public Task<IReadOnlyList<TurnStep>> ReadStepsAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<TurnStep>>(
            () => [.. Find(tenantId, streamId)?.Answer.Steps.Select(Copy) ?? []], cancellationToken);

    public Task ReleaseAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken) =>
        IsShared ? DoAsync(() => Release(incarnation, waiting), cancellationToken) : Task.CompletedTask;

    public Task<IReadOnlyList<StoredTurn>> TakeOverAsync(
        string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        DoAsync(() => TakeOver(incarnation, lease), cancellationToken);

    public Task<IReadOnlyList<StoredTurn>> ListOpenAsync(string incarnation, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyList<StoredTurn>>(
            () => [.. Streams.Where(stream => stream.Record.IsOpen && stream.Owner == incarnation).Select(Stored)],
            cancellationToken);

    public Task<IReadOnlyDictionary<string, StreamState>> PromoteQueuedAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken) =>
        DoAsync<IReadOnlyDictionary<string, StreamState>>(
            () => PromoteQueued(incarnation, waiting), cancellationToken);

    public Task<int> ExpireLogsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        DoAsync(() => Expire(endedBefore, limit), cancellationToken);

    private StoredSession? Session(string tenantId, string sessionId) =>
        _sessions.GetValueOrDefault((tenantId, sessionId));

    private Task<T> DoAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        lock (_lock)
        {
            try
            {
                return Task.FromResult(work());
            }
            catch (StoreException refusal)
            {
                return Task.FromException<T>(refusal);
            }
        }
    }
}
