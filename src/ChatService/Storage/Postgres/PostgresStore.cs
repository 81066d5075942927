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
    private readonly ProcessLock _lock;
    private readonly Preparation _preparation;
    private readonly LogDays _days;

    /// <param name="lost">Called once if another process takes the database: this one is to end then.</param>
    public PostgresStore(
        PostgresSettings settings, TimeProvider time, ILogger<PostgresStore> logger, Action? lost = null)
    {
        _requestSource = new NpgsqlDataSourceBuilder(settings.ForRequests).Build();
        _serviceSource = new NpgsqlDataSourceBuilder(settings.ForService).Build();
        var troubles = new TroubleWatch(settings, logger);
        _requests = new PostgresCalls(_requestSource, troubles, time);
        _service = new PostgresCalls(_serviceSource, troubles, time);
        _lock = new ProcessLock(settings, time, logger, lost ?? (() => { }));
        _days = new LogDays(_service, logger);
        _preparation = new Preparation(settings, _serviceSource, _requestSource, _lock, _days, troubles, logger);
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => _preparation.RunAsync(cancellationToken);

    public Task<OpenResult> OpenTurnAsync(NewTurn turn, CancellationToken cancellationToken)
    {
        _lock.ThrowIfLost();
        return _requests.WriteAsync(
            turn.Stream.TenantId, turn.Owner, OpenTurn.Sql, with => OpenTurn.Bind(with, turn), OpenTurn.ReadAsync,
            cancellationToken);
    }

    public async Task<IReadOnlyList<WriteResult>> CommitAsync(
        IReadOnlyList<TurnWrite> writes, CancellationToken cancellationToken)
    {
        // What runs here is another process's now, for good: not to be tried again.
        if (_lock.IsLost)
        {
            return [.. writes.Select(_ => new WriteResult(WriteOutcome.Fenced))];
        }

        if (writes.Count == 0)
        {
            return [];
        }

        try
        {
            return await WriteOnceAsync();
        }
        catch (StoreException failure) when (LogDays.IsMissing(failure))
        {
            await _days.MakeAsync(cancellationToken);
            return await WriteOnceAsync();
        }

        Task<IReadOnlyList<WriteResult>> WriteOnceAsync()
        {
            var rounds = TurnCommit.Rounds(writes);
            return _service.WriteAsync(
                batch => TurnCommit.Fill(batch, writes, rounds),
                rows => TurnCommit.ReadAsync(rows, writes, rounds),
                cancellationToken);
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
        LogQueries.Followed,
        with => with
            .Give(places.Select(place => place.StreamId).ToArray())
            .Give(places.Select(place => place.AfterSequence).ToArray()),
        rows => LogQueries.ReadFollowedAsync(
            rows, places.ToDictionary(place => place.StreamId, place => place.AfterSequence)),
        cancellationToken);

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

    public Task<SessionRecord?> RenameSessionAsync(
        string tenantId, string sessionId, string title, DateTimeOffset at, CancellationToken cancellationToken)
    {
        _lock.ThrowIfLost();
        return _requests.WriteAsync(
            tenantId, SessionQueries.Rename, with => SessionQueries.BindRename(with, sessionId, title, at),
            SessionQueries.Find, with => with.Give(sessionId), SessionQueries.ReadChangedAsync, cancellationToken);
    }

    public Task<BranchSelection> SelectBranchAsync(
        string tenantId, string sessionId, string messageId, CancellationToken cancellationToken)
    {
        _lock.ThrowIfLost();
        return _requests.WriteAsync(
            tenantId, SessionQueries.SelectBranch, with => with.Give(sessionId).Give(messageId),
            SessionQueries.Find, with => with.Give(sessionId), SessionQueries.ReadSelectedAsync, cancellationToken);
    }

    public Task<ImportOutcome> ImportSessionAsync(NewSession session, CancellationToken cancellationToken) =>
        WriteLargeAsync(session.TenantId, ImportSession.Statements(session), cancellationToken);

    public Task<SearchPage> SearchAsync(string tenantId, SearchQuery query, CancellationToken cancellationToken) =>
        SearchQueries.PageAsync(
            query,
            (before, count) => _requests.AskAsync(
                tenantId, SearchQueries.Candidates, with => SearchQueries.Bind(with, query, before, count),
                SearchQueries.ReadAsync, cancellationToken));

    public Task<DeleteResult> DeleteSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) => WriteAsync(
        tenantId, SessionQueries.Delete, with => with.Give(sessionId), SessionQueries.ReadDeletedAsync,
        cancellationToken);

    public Task<IReadOnlyList<TurnStep>> ReadStepsAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) => _requests.AskAsync(
        tenantId, StepQueries.OfStream, with => with.Give(streamId), StepQueries.ReadAsync, cancellationToken);

    public Task<IReadOnlyList<StoredTurn>> TakeOverAsync(string incarnation, CancellationToken cancellationToken) =>
        WriteAsync(
            batch =>
            {
                batch.Add(StreamQueries.TakeOver, with => with.Give(incarnation));
                batch.Add(StreamQueries.Open, _ => { });
            },
            StreamQueries.ReadTurnsAsync, cancellationToken);

    public Task<IReadOnlyList<StreamRecord>> ListOpenAsync(CancellationToken cancellationToken)
    {
        // Whoever asks ends what it does not know: while the lock is not held, that may be another process's.
        _lock.ThrowIfNotHeld();
        return _service.AskAsync(StreamQueries.Open, _ => { }, StreamQueries.ReadAllAsync, cancellationToken);
    }

    public Task<IReadOnlyList<string>> PromoteQueuedAsync(CancellationToken cancellationToken) => WriteAsync(
        batch => batch.Add(StreamQueries.PromoteIdle, _ => { }), StreamQueries.ReadIdsAsync, cancellationToken);

    public async Task<int> ExpireLogsAsync(
        DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken)
    {
        var expired = (int)await WriteAsync(
            batch => batch.Add(LogQueries.Expire, with => with.Give(endedBefore.ToDatabase()).Give((long)limit)),
            LogQueries.ReadNumberAsync,
            cancellationToken);
        if (expired < limit)
        {
            await _days.MakeAsync(cancellationToken);
            await _days.DropAsync(cancellationToken);
        }

        return expired;
    }

    public async ValueTask DisposeAsync()
    {
        await _lock.DisposeAsync();
        await _requestSource.DisposeAsync();
        await _serviceSource.DisposeAsync();
    }

    private Task<T> WriteAsync<T>(
        string tenantId, RequestSql sql, Action<NpgsqlParameterCollection> bind,
        Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        _lock.ThrowIfLost();
        return _requests.WriteAsync(tenantId, sql, bind, read, cancellationToken);
    }

    private async Task<ImportOutcome> WriteLargeAsync(
        string tenantId, IEnumerable<(RequestSql Sql, Action<NpgsqlParameterCollection> Bind)> statements,
        CancellationToken cancellationToken)
    {
        _lock.ThrowIfLost();
        return (ImportOutcome)await _requests.WriteLargeAsync(tenantId, statements, cancellationToken);
    }

    private Task<T> WriteAsync<T>(
        Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        _lock.ThrowIfLost();
        return _service.WriteAsync(fill, read, cancellationToken);
    }
}
