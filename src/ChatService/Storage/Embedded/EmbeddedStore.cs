using System.Collections.Concurrent;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage.Search;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>SQLite in a folder of its own: one process, one writer, readers that do not wait for it.</summary>
internal sealed class EmbeddedStore : IChatStore, IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly SqliteDatabase _database;
    private readonly OpenTurn _openTurn;
    private readonly TurnCommit _turnCommit;
    private readonly Promotion _promotion;
    private readonly ImportSession _import;
    private readonly GroupCommit _writer;
    private readonly IndexingLoop _indexing;

    // As many as have been needed at once: no more than the threads of the pool.
    private readonly ConcurrentBag<BranchReader> _branchReaders = [];

    private EmbeddedStore(DataFolder folder, SqliteDatabase database, SqliteConnection writing)
    {
        _folder = folder;
        _database = database;
        _openTurn = new OpenTurn(writing);
        _turnCommit = new TurnCommit(writing);
        _promotion = new Promotion(writing);
        _import = new ImportSession(writing);
        _writer = new GroupCommit(writing);
        _indexing = new IndexingLoop(new SearchIndexer(database, _writer).IndexSomeAsync);
        _indexing.Wake();
    }

    public string Folder => _folder.Path;

    public bool IsShared => false;

    /// <exception cref="StartupException">It cannot be opened; the message names the setting and the fix.</exception>
    public static EmbeddedStore Open(StorageOptions options)
    {
        SqliteLibrary.Load();
        var folder = DataFolder.Open(options);
        try
        {
            var database = new SqliteDatabase(folder.Database);
            var writing = database.OpenWriter();
            Migrations.Apply(writing);
            return new EmbeddedStore(folder, database, writing);
        }
        catch (SqliteException failure)
        {
            folder.Dispose();
            throw DataFolder.Unwritable(folder.Path, failure);
        }
        catch (StartupException)
        {
            folder.Dispose();
            throw;
        }
    }

    // Opened is ready: the folder is locked and the schema is the newest.
    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<OpenResult> OpenTurnAsync(NewTurn turn, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(_ => _openTurn.Execute(turn), cancellationToken);

    /// <summary>Indexes what the search still looks at as it is.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => _indexing.CatchUpAsync(cancellationToken);

    public async Task<IReadOnlyList<WriteResult>> CommitAsync(
        IReadOnlyList<TurnWrite> writes, CancellationToken cancellationToken)
    {
        var results = await _writer.EnqueueAsync(_ => _turnCommit.Execute(writes), cancellationToken);
        if (writes.Any(write => write.Closing is not null))
        {
            _indexing.Wake();
        }

        return results;
    }

    public Task<StreamRecord?> FindStreamAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) =>
        ReadAsync(connection => Queries.FindStream(connection, tenantId, streamId));

    public Task<StreamRecord?> FindStreamOfRequestAsync(
        string tenantId, string clientRequestId, CancellationToken cancellationToken) =>
        ReadAsync(connection => Queries.FindStreamOfRequest(connection, tenantId, clientRequestId));

    public Task<IReadOnlyList<StreamRecord>> ListSessionStreamsAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        ReadAsync(connection => Queries.SessionStreams(connection, tenantId, sessionId));

    public Task<long> FindFenceAsync(
        string tenantId, string streamId, long epoch, CancellationToken cancellationToken) =>
        ReadAsync(connection => Queries.Fence(connection, tenantId, streamId, epoch));

    public Task<IReadOnlyList<StreamChatResponse>> ReadEventsAsync(
        string tenantId, string streamId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => Queries.Events(connection, tenantId, streamId, afterSequence, limit));

    public Task<IReadOnlyList<FollowedStream>> FollowAsync(
        IReadOnlyList<FollowedPlace> places, CancellationToken cancellationToken) =>
        ReadAsync(connection => Queries.Follow(connection, places));

    public Task<IReadOnlyList<MessageRecord>> ReadBranchAsync(
        string tenantId, string sessionId, string messageId, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<MessageRecord>>(() => ReadBranch(tenantId, sessionId, messageId, limit));

    public Task<SessionRecord?> FindSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        ReadAsync(connection => SessionQueries.Find(connection, tenantId, sessionId));

    public Task<SessionPage> ListSessionsAsync(
        string tenantId, SessionPlace? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(connection => SessionQueries.List(connection, tenantId, after, limit));

    public Task<MessagePage?> ListMessagesAsync(
        string tenantId, string sessionId, MessageQuery query, CancellationToken cancellationToken) =>
        ReadAsync(connection => MessageQueries.List(connection, tenantId, sessionId, query));

    public Task<SessionChanges?> ListChangesAsync(
        string tenantId, string sessionId, long afterRevision, CancellationToken cancellationToken) =>
        ReadAsync(connection => MessageQueries.Changes(connection, tenantId, sessionId, afterRevision));

    public Task<IReadOnlyDictionary<SessionKey, SessionVersion>> FindVersionsAsync(
        IReadOnlyCollection<SessionKey> sessions, CancellationToken cancellationToken) =>
        ReadAsync(connection => SessionQueries.Versions(connection, sessions));

    public Task<SessionRecord?> RenameSessionAsync(
        string tenantId, string sessionId, string title, DateTimeOffset at, CancellationToken cancellationToken) =>
        WriteAsync(
            connection => SessionQueries.Rename(connection, tenantId, sessionId, title, at), cancellationToken);

    public Task<BranchSelection> SelectBranchAsync(
        string tenantId, string sessionId, string messageId, CancellationToken cancellationToken) =>
        WriteAsync(
            connection => BranchQueries.Select(connection, tenantId, sessionId, messageId), cancellationToken);

    public Task<ImportOutcome> ImportSessionAsync(NewSession session, CancellationToken cancellationToken) =>
        WriteAsync(_ => _import.Execute(session), cancellationToken);

    public Task<SearchPage> SearchAsync(
        string tenantId, SearchQuery query, CancellationToken cancellationToken) =>
        ReadAsync(connection => SearchQueries.Page(connection, tenantId, query));

    public Task<DeleteResult> DeleteSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        WriteAsync(connection => SessionQueries.Delete(connection, tenantId, sessionId), cancellationToken);

    public Task<IReadOnlyList<TurnStep>> ReadStepsAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) =>
        ReadAsync(connection => Queries.Steps(connection, tenantId, streamId));

    public Task EnterAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReleaseAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<StoredTurn>> TakeOverAsync(
        string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(connection => Queries.TakeOver(connection, incarnation), cancellationToken);

    public Task<IReadOnlyList<StoredTurn>> ListOpenAsync(string incarnation, CancellationToken cancellationToken) =>
        ReadAsync(connection => Queries.OpenTurns(connection, incarnation));

    public Task<IReadOnlyDictionary<string, StreamState>> PromoteQueuedAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(
            connection =>
            {
                _promotion.PromoteIdle();
                return Queries.StatesAmong(connection, incarnation, waiting);
            },
            cancellationToken);

    public Task WishAsync(TurnWish wish, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<TurnWish>> TakeWishesAsync(string incarnation, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TurnWish>>([]);

    public Task<int> ExpireLogsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(connection => Queries.ExpireLogs(connection, endedBefore, limit), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _indexing.DisposeAsync();
        await _writer.DisposeAsync();
        _openTurn.Dispose();
        _turnCommit.Dispose();
        _promotion.Dispose();
        _import.Dispose();
        while (_branchReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }

        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    // What may leave something for the search to index, or to let go of.
    private async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken)
    {
        var result = await _writer.EnqueueAsync(write, cancellationToken);
        _indexing.Wake();
        return result;
    }

    // A local file: reading it takes microseconds, so it is done where it is asked for.
    private Task<T> ReadAsync<T>(Func<SqliteConnection, T> read) => ReadAsync(() =>
    {
        using var connection = _database.OpenReader();
        return read(connection);
    });

    private List<MessageRecord> ReadBranch(string tenantId, string sessionId, string messageId, int limit)
    {
        var reader = _branchReaders.TryTake(out var idle) ? idle : new BranchReader(_database.OpenReader());
        try
        {
            var branch = reader.Read(tenantId, sessionId, messageId, limit);
            _branchReaders.Add(reader);
            return branch;
        }
        catch (SqliteException)
        {
            reader.Dispose();
            throw;
        }
    }

    private static Task<T> ReadAsync<T>(Func<T> read)
    {
        try
        {
            return Task.FromResult(read());
        }
        catch (SqliteException failure)
        {
            return Task.FromException<T>(new StoreException("The store cannot be read.", failure));
        }
    }
}
