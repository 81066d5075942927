using Chat.V1;
using ChatGrpc.Storage.Search;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// PostgreSQL: each method is one round trip, but what writes a whole session. Requests have a pool of their own, in
/// whose connections a role without rights on other tenants' rows speaks; what the service does by itself has another
/// one and never waits for it.
/// </summary>
internal sealed class PostgresStore : IChatStore, IAsyncDisposable
{
    private readonly NpgsqlDataSource _requestSource;
    private readonly NpgsqlDataSource _serviceSource;
    private readonly PostgresCalls _requests;
    private readonly PostgresCalls _service;
    private readonly Leases _leases;
    private readonly HintChannel _hints;
    private readonly Preparation _preparation;
    private readonly LogDays _days;

    /// <param name="hints">What other processes have written is told there.</param>
    public PostgresStore(
        PostgresSettings settings, StoreHints hints, TimeProvider time, ILogger<PostgresStore> logger)
    {
        _requestSource = new NpgsqlDataSourceBuilder(settings.ForRequests).Build();
        _serviceSource = new NpgsqlDataSourceBuilder(settings.ForService).Build();
        var troubles = new TroubleWatch(settings, logger);
        _service = new PostgresCalls(_serviceSource, troubles, time);
        _hints = new HintChannel(settings, _service, hints, time);
        _requests = new PostgresCalls(_requestSource, troubles, time, _hints.TellWritten);
        _leases = new Leases(settings, _hints, troubles, time);
        _days = new LogDays(_service, logger);
        _preparation = new Preparation(settings, _serviceSource, _requestSource, _days, troubles, logger);
    }

    public bool IsShared => true;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _preparation.RunAsync(cancellationToken);
        _hints.Begin();
    }

    public Task<OpenResult> OpenTurnAsync(NewTurn turn, CancellationToken cancellationToken) => _requests.WriteAsync(
        turn.Stream.TenantId, turn.Owner, OpenTurn.Sql, with => OpenTurn.Bind(with, turn), OpenTurn.ReadAsync,
        cancellationToken);

    public async Task<IReadOnlyList<WriteResult>> CommitAsync(
        IReadOnlyList<TurnWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0)
        {
            return [];
        }

        try
        {
            return await WriteAsync();
        }
        catch (StoreException failure) when (LogDays.IsMissing(failure))
        {
            await _days.MakeAsync(cancellationToken);
            return await WriteAsync();
        }

        async Task<IReadOnlyList<WriteResult>> WriteAsync()
        {
            var rounds = TurnCommit.Rounds(writes);
            var results = await _service.WriteAsync(
                batch => TurnCommit.Fill(batch, writes, rounds),
                rows => TurnCommit.ReadAsync(rows, writes, rounds),
                cancellationToken);
            _hints.TellWritten();
            if (writes.Any(write => write.Closing is not null))
            {
                // The next turn of the session may be another process's.
                _hints.TellWished();
            }

            return results;
        }
    }

    public Task<StreamRecord?> FindStreamAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) => _requests.AskAsync(
        tenantId, StreamQueries.Find, with => with.Give(streamId), StreamQueries.ReadOneAsync, cancellationToken);

    public Task<StreamRecord?> FindStreamOfRequestAsync(
        string tenantId, string clientRequestId, CancellationToken cancellationToken) => _requests.AskAsync(
        tenantId, StreamQueries.OfRequest, with => with.Give(clientRequestId), StreamQueries.ReadOneAsync,
        cancellationToken);

    public Task<IReadOnlyList<StreamRecord>> ListSessionStreamsAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) => _requests.AskAsync(
        tenantId, StreamQueries.OfSession, with => with.Give(sessionId), StreamQueries.ReadAllAsync, cancellationToken);

    public Task<long> FindFenceAsync(
        string tenantId, string streamId, long epoch, CancellationToken cancellationToken) => _requests.AskAsync(
        tenantId, LogQueries.Fence, with => with.Give(streamId).Give(epoch), LogQueries.ReadNumberAsync,
        cancellationToken);

    public Task<IReadOnlyList<StreamChatResponse>> ReadEventsAsync(
        string tenantId, string streamId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        _requests.AskAsync(
            tenantId, LogQueries.EventsAfter,
            with => LogQueries.BindEventsAfter(with, streamId, afterSequence, limit),
            rows => LogQueries.ReadEventsAsync(rows, afterSequence, limit),
            cancellationToken);

    public Task<IReadOnlyList<FollowedStream>> FollowAsync(
        IReadOnlyList<FollowedPlace> places, CancellationToken cancellationToken) => _service.AskAsync(
        LogQueries.Followed, with => LogQueries.BindFollowed(with, places),
        rows => LogQueries.ReadFollowedAsync(rows, places), cancellationToken);

    public Task<IReadOnlyList<MessageRecord>> ReadBranchAsync(
        string tenantId, string sessionId, string messageId, int limit, CancellationToken cancellationToken) =>
        _requests.AskAsync(
            tenantId, BranchQuery.Upwards, with => with.Give(sessionId).Give(messageId).Give(limit),
            BranchQuery.ReadAsync, cancellationToken);

    public Task<SessionRecord?> FindSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) => _requests.AskAsync(
        tenantId, SessionQueries.Find, with => with.Give(sessionId), SessionQueries.ReadOneAsync, cancellationToken);

    public Task<SessionPage> ListSessionsAsync(
        string tenantId, SessionPlace? after, int limit, CancellationToken cancellationToken) => _requests.AskAsync(
        tenantId, SessionQueries.Page, with => SessionQueries.BindPage(with, after, limit),
        rows => SessionQueries.ReadPageAsync(rows, limit), cancellationToken);

    public Task<MessagePage?> ListMessagesAsync(
        string tenantId, string sessionId, MessageQuery query, CancellationToken cancellationToken) =>
        _requests.AskAsync(
            tenantId, MessageQueries.Of(query), with => MessageQueries.Bind(with, sessionId, query),
            MessageQueries.ReadPageAsync, cancellationToken);

    public Task<SessionChanges?> ListChangesAsync(
        string tenantId, string sessionId, long afterRevision, CancellationToken cancellationToken) =>
        _requests.AskAsync(
            tenantId, MessageQueries.ByChange, with => MessageQueries.BindChanges(with, sessionId, afterRevision),
            MessageQueries.ReadChangesAsync, cancellationToken);

    public Task<IReadOnlyDictionary<SessionKey, SessionVersion>> FindVersionsAsync(
        IReadOnlyCollection<SessionKey> sessions, CancellationToken cancellationToken) => _service.AskAsync(
        SessionQueries.Versions, with => SessionQueries.BindVersions(with, sessions),
        SessionQueries.ReadVersionsAsync, cancellationToken);

    public Task<SessionRecord?> RenameSessionAsync(
        string tenantId, string sessionId, string title, DateTimeOffset at, CancellationToken cancellationToken) =>
        _requests.WriteAsync(
            tenantId, SessionQueries.Rename, with => SessionQueries.BindRename(with, sessionId, title, at),
            SessionQueries.Find, with => with.Give(sessionId), SessionQueries.ReadChangedAsync, cancellationToken);

    public Task<BranchSelection> SelectBranchAsync(
        string tenantId, string sessionId, string messageId, CancellationToken cancellationToken) =>
        _requests.WriteAsync(
            tenantId, SessionQueries.SelectBranch, with => with.Give(sessionId).Give(messageId),
            SessionQueries.Find, with => with.Give(sessionId), SessionQueries.ReadSelectedAsync, cancellationToken);

    public async Task<ImportOutcome> ImportSessionAsync(NewSession session, CancellationToken cancellationToken) =>
        (ImportOutcome)await _requests.WriteLargeAsync(
            session.TenantId, ImportSession.Statements(session), cancellationToken);

    public Task<SearchPage> SearchAsync(string tenantId, SearchQuery query, CancellationToken cancellationToken) =>
        SearchQueries.PageAsync(
            query,
            (before, count) => _requests.AskAsync(
                tenantId, SearchQueries.Candidates, with => SearchQueries.Bind(with, query, before, count),
                SearchQueries.ReadAsync, cancellationToken));

    public Task<DeleteResult> DeleteSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) => _requests.WriteAsync(
        tenantId, SessionQueries.Delete, with => with.Give(sessionId), SessionQueries.ReadDeletedAsync,
        cancellationToken);

    public Task<IReadOnlyList<TurnStep>> ReadStepsAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) => _requests.AskAsync(
        tenantId, StepQueries.OfStream, with => with.Give(streamId), StepQueries.ReadAsync, cancellationToken);

    public Task EnterAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        _leases.EnterAsync(incarnation, lease, cancellationToken);

    public Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        _leases.RenewAsync(incarnation, lease, cancellationToken);

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken) =>
        _leases.LeaveAsync(incarnation, cancellationToken);

    public async Task ReleaseAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken)
    {
        foreach (var step in (string[])[StreamQueries.Release, StreamQueries.ReleaseUnrun])
        {
            _ = await _service.WriteAsync(
                batch => batch.Add(step, with => with.Give(waiting.ToArray()).Give(incarnation)),
                rows => rows.ReadAsync(cancellationToken), cancellationToken);
        }
    }

    public Task<IReadOnlyList<StoredTurn>> TakeOverAsync(
        string incarnation, TimeSpan lease, CancellationToken cancellationToken) => _service.WriteAsync(
        batch =>
        {
            batch.Add(Leases.DeclareDead, with => with.Give(incarnation).Give(lease));
            batch.Add(StreamQueries.TakeOver, with => with.Give(incarnation));
        },
        PostgresCalls.SkipOne(StreamQueries.ReadTurnsAsync), cancellationToken);

    public Task<IReadOnlyList<StoredTurn>> ListOpenAsync(string incarnation, CancellationToken cancellationToken) =>
        _service.AskAsync(
            StreamQueries.Open, with => with.Give(incarnation), StreamQueries.ReadTurnsAsync, cancellationToken);

    public Task<IReadOnlyDictionary<string, StreamState>> PromoteQueuedAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken) => _service.WriteAsync(
        batch =>
        {
            batch.Add("SELECT promote_idle($1)", with => with.Give(incarnation));
            batch.Add(StreamQueries.StatesAmong, with => with.Give(waiting.ToArray()).Give(incarnation));
        },
        PostgresCalls.SkipOne(StreamQueries.ReadStatesAsync), cancellationToken);

    public async Task WishAsync(TurnWish wish, CancellationToken cancellationToken)
    {
        _ = await _requests.WriteAsync(
            wish.TenantId, WishQueries.Write, with => WishQueries.Bind(with, wish),
            rows => rows.ReadAsync(cancellationToken), cancellationToken);
        _hints.TellWished();
    }

    public Task<IReadOnlyList<TurnWish>> TakeWishesAsync(string incarnation, CancellationToken cancellationToken) =>
        _service.WriteAsync(
            batch => batch.Add(WishQueries.Take, with => with.Give(incarnation)), WishQueries.ReadAsync,
            cancellationToken);

    public async Task<int> ExpireLogsAsync(
        DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken)
    {
        var expired = (int)await _service.WriteAsync(
            batch => batch.Add(LogQueries.Expire, with => with.Give(endedBefore.ToDatabase()).Give((long)limit)),
            LogQueries.ReadNumberAsync,
            cancellationToken);
        if (expired < limit)
        {
            _ = await _service.WriteAsync(
                batch => batch.Add(WishQueries.Forget, _ => { }), rows => rows.ReadAsync(), cancellationToken);
            await _days.MakeAsync(cancellationToken);
            await _days.DropAsync(cancellationToken);
        }

        return expired;
    }

    public async ValueTask DisposeAsync()
    {
        await _hints.DisposeAsync();
        await _leases.DisposeAsync();
        await _requestSource.DisposeAsync();
        await _serviceSource.DisposeAsync();
    }
}
