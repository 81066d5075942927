using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChatGrpc.Tests.Storage.Embedded;

public sealed class GroupCommitTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly GroupCommit _commit;
    private int _commits;

    public GroupCommitTests()
    {
        SqliteLibrary.Load();
        _database = new SqliteDatabase(Path.Combine(_folder.Path, "test.db"));
        var connection = _database.OpenWriter();
        _ = connection.Execute("CREATE TABLE item (value TEXT NOT NULL UNIQUE) STRICT");
        raw.sqlite3_commit_hook(connection.Handle, CountCommit, null);
        _commit = new GroupCommit(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await _commit.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task Enqueue_Work_ResultAfterTheCommit()
    {
        Assert.Equal(42, await EnqueueAsync(connection => Insert(connection, "one") * 42));
        Assert.Equal(["one"], Committed());
    }

    [Fact]
    public async Task Enqueue_OneOfManyRefused_ItAloneFailsAndLeavesNothing()
    {
        using var gate = new ManualResetEventSlim();
        var blocking = EnqueueAsync(connection =>
        {
            Assert.True(gate.Wait(WaitLimit.Default));
            return Insert(connection, "first");
        });
        var good = Enumerable.Range(0, 20).Select(i => EnqueueAsync(c => Insert(c, $"good {i}"))).ToList();
        var bad = EnqueueAsync(connection => Insert(connection, "half") + Insert(connection, "good 3"));
        good.AddRange(Enumerable.Range(20, 20).Select(i => EnqueueAsync(c => Insert(c, $"good {i}"))));

        gate.Set();

        Assert.True((await Assert.ThrowsAsync<StoreException>(() => bad)).Refused);
        _ = await Task.WhenAll(good.Append(blocking)).InTime();
        Assert.Equal(41, Committed().Count);
        Assert.DoesNotContain("half", Committed());
    }

    [Fact]
    public async Task Enqueue_WorkThrowsABug_ItAloneFailsAndTheWriterLivesOn()
    {
        var bug = EnqueueAsync<int>(connection =>
        {
            _ = Insert(connection, "half");
            throw new InvalidOperationException("A bug.");
        });

        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => bug);
        _ = await EnqueueAsync(connection => Insert(connection, "next"));
        Assert.Equal(["next"], Committed());
    }

    [Fact]
    public async Task Enqueue_TransactionGone_AllOfTheBatchFailAndTheNextWorks()
    {
        // As SQLite does by itself on a full disk.
        var broken = EnqueueAsync(connection => connection.Execute("ROLLBACK"));

        _ = await Assert.ThrowsAsync<StoreException>(() => broken);
        _ = await EnqueueAsync(connection => Insert(connection, "next"));
        Assert.Equal(["next"], Committed());
    }

    [Fact]
    public async Task Enqueue_ManyWaiting_ShareACommit()
    {
        using var gate = new ManualResetEventSlim();
        var work = new List<Task<int>> { EnqueueAsync(_ => gate.Wait(WaitLimit.Default) ? 0 : 1) };
        work.AddRange(Enumerable.Range(0, 300).Select(i => EnqueueAsync(c => Insert(c, $"{i}"))));
        gate.Set();

        _ = await Task.WhenAll(work).InTime();

        // The gate's own commit, and one for what queued up behind it.
        Assert.InRange(_commits, 1, 2);
        Assert.Equal(300, Committed().Count);
    }

    private Task<T> EnqueueAsync<T>(Func<SqliteConnection, T> work) =>
        _commit.EnqueueAsync(work, CancellationToken.None).InTime();

    private static int Insert(SqliteConnection connection, string value) =>
        connection.Execute("INSERT INTO item (value) VALUES (@value)", new { value });

    private List<string> Committed()
    {
        using var connection = _database.OpenReader();
        return [.. connection.Query<string>("SELECT value FROM item")];
    }

    private int CountCommit(object? state)
    {
        _commits++;
        return 0;
    }
}
