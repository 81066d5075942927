using Chat.V1;
using ChatGrpc.Storage.Search;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>
/// Brings the index of the search up to date, in writes of its own behind the commits that somebody waits for: one row
/// alone costs a commit a millisecond, fifty together a fifth of that each.
/// </summary>
internal sealed class SearchIndexer : IAsyncDisposable
{
    private const string Pending =
        """
        SELECT search_entry.number, search_entry.tenant_id, search_entry.session_id, session.title, message.parts
        FROM search_entry
        JOIN session ON session.tenant_id = search_entry.tenant_id AND session.session_id = search_entry.session_id
        LEFT JOIN message ON message.message_id = search_entry.message_id
        WHERE is_indexed = 0
        """;

    private const string Removed = "SELECT number, tenant_id, session_id, text FROM search_removal";

    private readonly SqliteDatabase _database;
    private readonly GroupCommit _writer;
    private readonly SemaphoreSlim _news = new(1, 1);
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public SearchIndexer(SqliteDatabase database, GroupCommit writer)
    {
        _database = database;
        _writer = writer;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>There may be something to index.</summary>
    public void Wake()
    {
        try
        {
            _ = _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It was told before and has not looked yet.
        }
    }

    /// <summary>Indexes what is to be indexed now.</summary>
    /// <exception cref="StoreException">The store cannot be read or written; what is left is searched as it is.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            while (ReadBatch() is { Count: > 0 } batch)
            {
                _ = await _writer.EnqueueAsync(connection => Write(connection, batch), cancellationToken);
            }
        }
        catch (SqliteException failure)
        {
            throw new StoreException("The store cannot be read.", failure);
        }
        finally
        {
            _ = _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _news.Dispose();
        _one.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _news.WaitAsync(_stop.Token);
                await TryCatchUpAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is indexed after the next start.
        }
    }

    private async Task TryCatchUpAsync()
    {
        try
        {
            await CatchUpAsync(_stop.Token);
        }
        catch (StoreException)
        {
            // A full disk, say: whoever wrote hears of it, and after the next write this is tried again.
        }
    }

    // As many texts as one write may take in, and at least one: their tokens are made here, before the writer waits.
    private List<Change> ReadBatch()
    {
        var batch = new List<Change>();
        using var connection = _database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var removed = new Statement(connection, Removed);
        using (var rows = removed.Read())
        {
            while (HasRoom(batch) && rows.Read())
            {
                batch.Add(ChangeOf(rows, rows.GetString(3), isRemoval: true));
            }
        }

        using var pending = new Statement(connection, Pending);
        using (var rows = pending.Read())
        {
            while (HasRoom(batch) && rows.Read())
            {
                var text = rows.IsDBNull(4)
                    ? rows.GetString(3)
                    : SearchReading.TextOf(LengthPrefixed.Decode<Part>(rows.GetFieldValue<byte[]>(4)));
                batch.Add(ChangeOf(rows, text, isRemoval: false));
            }
        }

        return batch;
    }

    private static bool HasRoom(List<Change> batch) =>
        batch.Sum(change => change.Tokens.Count) < SearchTokens.MaxPairs;

    private static Change ChangeOf(SqliteDataReader row, string text, bool isRemoval) => new(
        row.GetInt64(0), isRemoval,
        SearchTokens.OfText(row.GetString(1), row.GetString(2), FoldedText.Of(text)));

    private static bool Write(SqliteConnection connection, List<Change> batch)
    {
        using var add = new Statement(
            connection, "INSERT INTO search_index (rowid, tokens) VALUES ($number, $tokens)", "$number", "$tokens");
        using var remove = new Statement(
            connection, "INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', $number, $tokens)",
            "$number", "$tokens");
        using var mark = new Statement(
            connection, "UPDATE search_entry SET is_indexed = 1 WHERE number = $number AND is_indexed = 0", "$number");
        using var forget = new Statement(
            connection, "DELETE FROM search_removal WHERE number = $number", "$number");
        foreach (var change in batch)
        {
            // Between reading and writing an entry may have gone: then it never was in the index.
            var isDue = (change.IsRemoval ? forget : mark).Run(change.Number) > 0;
            if (isDue)
            {
                _ = (change.IsRemoval ? remove : add).Run(change.Number, SearchQueries.Written(change.Tokens));
            }
        }

        return true;
    }

    private sealed record Change(long Number, bool IsRemoval, IReadOnlyCollection<int> Tokens);
}
