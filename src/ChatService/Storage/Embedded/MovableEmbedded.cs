using System.Runtime.CompilerServices;
using ChatGrpc.Model;
using ChatGrpc.Storage.Moving;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>The embedded store, whole sessions at a time, held as by a service.</summary>
internal sealed class MovableEmbedded : IMovableStore
{
    // As after an import: the service indexes them while it runs.
    private const string MakeFound =
        """
        INSERT INTO search_entry (tenant_id, session_id, message_id)
        SELECT tenant_id, session_id, message_id
        FROM (
            SELECT tenant_id, session_id, '' AS message_id, 0 AS ordinal FROM session
            WHERE tenant_id = $tenant AND session_id = $session
            UNION ALL
            SELECT tenant_id, session_id, message_id, ordinal FROM message
            WHERE tenant_id = $tenant AND session_id = $session AND NOT EXISTS (
                SELECT 1 FROM stream WHERE stream.stream_id = message.stream_id AND state IN (1, 2, 3))
        )
        ORDER BY ordinal
        """;

    private readonly DataFolder _folder;
    private readonly SqliteConnection _connection;

    private MovableEmbedded(DataFolder folder, SqliteConnection connection)
    {
        _folder = folder;
        _connection = connection;
    }

    public string Name => $"the embedded store in {_folder.Path}";

    /// <param name="exists">It has to be there already.</param>
    /// <exception cref="StartupException">It cannot be opened; the message names the setting and the fix.</exception>
    public static MovableEmbedded Open(StorageOptions options, bool exists)
    {
        SqliteLibrary.Load();
        var folder = DataFolder.Open(options);
        try
        {
            if (exists && !File.Exists(folder.Database))
            {
                throw new StartupException(
                    $"There are no conversations in {folder.Path}: name their folder in Chat:Storage:Path.");
            }

            var connection = new SqliteDatabase(folder.Database).OpenWriter();
            Migrations.Apply(connection);
            return new MovableEmbedded(folder, connection);
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

    public Task<IReadOnlyList<SessionKey>> ListSessionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Reading<IReadOnlyList<SessionKey>>(() =>
        [
            .. _connection.Query<SessionKey>(
                "SELECT tenant_id AS TenantId, session_id AS SessionId FROM session "
                + "ORDER BY updated_at, tenant_id, session_id"),
        ]));

    public async IAsyncEnumerable<object?[]> ReadAsync(
        SessionKey session, MovedTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var columns = string.Join(", ", table.Columns.Select(column => column.Name));
        using var statement = new Statement(
            _connection,
            $"SELECT {columns} FROM {table.Name} WHERE {OfSession(table)} ORDER BY {string.Join(", ", table.Order)}",
            "$tenant", "$session");
        using var rows = Reading(() => statement.Read(session.TenantId, session.SessionId));
        while (Reading(rows.Read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return [.. table.Columns.Select((column, i) => Value(rows, i, column.Kind))];
        }
    }

    public async Task WriteAsync(
        SessionKey session, Func<MovedTable, IAsyncEnumerable<object?[]>> rows, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = (SqliteTransaction)await _connection.BeginTransactionAsync(cancellationToken);
            foreach (var table in MovedTable.All)
            {
                var names = table.Columns.Select(column => $"${column.Name}").ToArray();
                using var insert = new Statement(
                    _connection,
                    $"INSERT INTO {table.Name} ({string.Join(", ", table.Columns.Select(column => column.Name))}) "
                    + $"VALUES ({string.Join(", ", names)})",
                    names);
                await foreach (var row in rows(table).WithCancellation(cancellationToken))
                {
                    _ = insert.Run(row);
                }
            }

            using var found = new Statement(_connection, MakeFound, "$tenant", "$session");
            _ = found.Run(session.TenantId, session.SessionId);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (SqliteException failure)
        {
            throw new StoreException("The embedded store cannot be written.", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static string OfSession(MovedTable table) => table.OfStreams
        ? "stream_id IN (SELECT stream_id FROM stream WHERE tenant_id = $tenant AND session_id = $session"
            + $"{(table.OfLogs ? " AND has_log" : "")})"
        : "tenant_id = $tenant AND session_id = $session";

    private static object? Value(SqliteDataReader row, int column, MovedKind kind) =>
        row.IsDBNull(column) ? null
        : kind switch
        {
            MovedKind.Text => row.GetString(column),
            MovedKind.Bytes => row.GetFieldValue<byte[]>(column),
            _ => row.GetInt64(column),
        };

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException failure)
        {
            throw new StoreException("The embedded store cannot be read.", failure);
        }
    }
}
