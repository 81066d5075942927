using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ChatGrpc.Storage.Embedded;

/// <summary>
/// The one writer of the database. What is asked for while a commit is under way goes into the next one together, so
/// that many callers share the cost of a flush to disk. Each piece of work is atomic and fails alone.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    // Callers wait for their commit, so more than the turns that open at once never queue up; far above that.
    private const int MaxQueued = 4096;

    private readonly SqliteConnection _connection;
    private readonly Channel<Work> _queue =
        Channel.CreateBounded<Work>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });

    private readonly Task _loop;

    public GroupCommit(SqliteConnection connection)
    {
        _connection = connection;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Does the work in the next commit. The result comes after the commit.</summary>
    public async Task<T> EnqueueAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        var item = new Work<T>(work);
        try
        {
            await _queue.Writer.WriteAsync(item, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            throw new StoreException("The store is closed.", closed);
        }

        return await item.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var batch = new List<Work>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (_queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            Commit(batch);
            batch.Clear();
        }
    }

    // Transactions in plain SQL: a command need not know in which one it runs.
    private void Commit(List<Work> batch)
    {
        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            batch.ForEach(Attempt);
            _connection.Execute("COMMIT");
        }
        catch (SqliteException failure)
        {
            RollBack();
            var refusal = new StoreException("The store cannot be written.", failure);
            batch.ForEach(item => item.Fail(refusal));
            return;
        }

        batch.ForEach(item => item.Complete());
    }

    private void RollBack()
    {
        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on a full disk, or the transaction never began.
        }
    }

    private void Attempt(Work item)
    {
        _connection.Execute("SAVEPOINT work");
        try
        {
            item.Run(_connection);
        }
        catch (Exception failure)
        {
            // A bug in one piece of work is its caller's to see; it must not end the writer for all others.
            item.Fail(
                failure is SqliteException refusal
                    ? new StoreException("The store refused the write.", refusal) { Refused = IsAboutTheWrite(refusal) }
                    : failure);
            _connection.Execute("ROLLBACK TO work");
        }

        _connection.Execute("RELEASE work");
    }

    // Not the disk, not a lock, not memory: those pass.
    private static bool IsAboutTheWrite(SqliteException refusal) => refusal.SqliteErrorCode is
        raw.SQLITE_ERROR or raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_MISUSE
        or raw.SQLITE_RANGE;

    private abstract class Work
    {
        public abstract void Run(SqliteConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Work<T>(Func<SqliteConnection, T> work) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _done.Task;

        public override void Run(SqliteConnection connection) => _result = work(connection);

        // A piece of work that failed alone has its failure already.
        public override void Complete() => _done.TrySetResult(_result);

        public override void Fail(Exception failure) => _done.TrySetException(failure);
    }
}
