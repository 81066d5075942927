using Chat.V1;
using ChatGrpc.Storage.Search;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>
/// Brings the index of the search up to date, in writes of its own behind the commits that somebody waits for: one row
/// alone costs a commit a millisecond, fifty together a fifth of that each.
/// </summary>
internal sealed class SearchIndexer(SqliteDatabase database, GroupCommit writer)
{
    /// <summary>
    /// The query for what is to be indexed. By itself the planner walks through all sessions, since it does not know
    /// that few entries are; a test holds this one to its index.
    /// </summary>
    public const string Pending =
        """
        SELECT search_entry.number, search_entry.tenant_id, search_entry.session_id, session.title, message.parts
        FROM search_entry INDEXED BY search_pending
        CROSS JOIN session
            ON session.tenant_id = search_entry.tenant_id AND session.session_id = search_entry.session_id
        LEFT JOIN message ON message.message_id = search_entry.message_id
        WHERE is_indexed = 0
        """;

    private const string Removed = "SELECT number, tenant_id, session_id, text FROM search_removal";

    /// <returns>False: nothing was left to index.</returns>
    /// <exception cref="StoreException">The store cannot be read or written.</exception>
    public async Task<bool> IndexSomeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (removed, added) = ReadBatch();
            return removed.Count + added.Count > 0
                && await writer.EnqueueAsync(connection => Write(connection, removed, added), cancellationToken);
        }
        catch (SqliteException failure)
        {
            throw new StoreException("The store cannot be read.", failure);
        }
    }

    // As many texts as one write may take in, and at least one: their tokens are made here, before the writer waits.
    private (List<SearchChange> Removed, List<SearchChange> Added) ReadBatch()
    {
        var (removed, added, tokens) = (new List<SearchChange>(), new List<SearchChange>(), 0);
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        using (var statement = new Statement(connection, Removed))
        using (var rows = statement.Read())
        {
            while (tokens < SearchTokens.MaxPairs && rows.Read())
            {
                removed.Add(ChangeOf(rows, rows.GetString(3)));
                tokens += removed[^1].Tokens.Count;
            }
        }

        using (var statement = new Statement(connection, Pending))
        using (var rows = statement.Read())
        {
            while (tokens < SearchTokens.MaxPairs && rows.Read())
            {
                var text = rows.IsDBNull(4)
                    ? rows.GetString(3)
                    : SearchReading.TextOf(LengthPrefixed.Decode<Part>(rows.GetFieldValue<byte[]>(4)));
                added.Add(ChangeOf(rows, text));
                tokens += added[^1].Tokens.Count;
            }
        }

        return (removed, added);
    }

    private static SearchChange ChangeOf(SqliteDataReader row, string text) =>
        new(row.GetInt64(0), SearchTokens.OfText(row.GetString(1), row.GetString(2), FoldedText.Of(text)));

    // Between reading and writing an entry may have gone: then it never was in the index.
    private static bool Write(SqliteConnection connection, List<SearchChange> removed, List<SearchChange> added)
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
        foreach (var change in removed.Where(change => forget.Run(change.Number) > 0))
        {
            _ = remove.Run(change.Number, SearchQueries.Written(change.Tokens));
        }

        foreach (var change in added.Where(change => mark.Run(change.Number) > 0))
        {
            _ = add.Run(change.Number, SearchQueries.Written(change.Tokens));
        }

        return true;
    }
}
