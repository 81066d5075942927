using System.Runtime.CompilerServices;
using ChatGrpc.Storage.Moving;
using Npgsql;
using NpgsqlTypes;

namespace ChatGrpc.Storage.Postgres;

/// <summary>The database, whole sessions at a time, which no service uses meanwhile.</summary>
internal sealed class MovablePostgres : IMovableStore
{
    private readonly PostgresSettings _settings;
    private readonly SoleUse _use;
    private readonly NpgsqlDataSource _source;

    private MovablePostgres(PostgresSettings settings, SoleUse use)
    {
        _settings = settings;
        _use = use;

        // A session of thousands of messages takes its time, and nobody waits for it.
        var unhurried = new NpgsqlConnectionStringBuilder(settings.ForService) { CommandTimeout = 0 };
        unhurried.Options += " -c statement_timeout=0";
        _source = new NpgsqlDataSourceBuilder(unhurried.ConnectionString).Build();
    }

    public string Name => $"PostgreSQL at {_settings.Place}";

    /// <exception cref="Model.StartupException">It cannot be used; the message names the setting and the
    /// fix.</exception>
    /// <exception cref="StoreException">It is away, or a service uses it.</exception>
    public static async Task<MovablePostgres> OpenAsync(PostgresSettings settings, ILogger<PostgresStore> logger)
    {
        await using (var store = new PostgresStore(settings, new StoreHints(), TimeProvider.System, logger))
        {
            await store.PrepareAsync(CancellationToken.None);
        }

        return new MovablePostgres(settings, await SoleUse.TakeAsync(settings, TimeProvider.System));
    }

    public async Task<IReadOnlyList<SessionKey>> ListSessionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _source.CreateCommand(
                "SELECT tenant_id, session_id FROM session ORDER BY updated_at, tenant_id, session_id");
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var sessions = new List<SessionKey>();
            while (await rows.ReadAsync(cancellationToken))
            {
                sessions.Add(new SessionKey(rows.GetString(0), rows.GetString(1)));
            }

            return sessions;
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure))
        {
            throw PostgresFailures.ToException(failure, sent: false);
        }
    }

    public async IAsyncEnumerable<object?[]> ReadAsync(
        SessionKey session, MovedTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(
            $"SELECT {Columns(table)} FROM {table.Name} WHERE {OfSession(table)} "
            + $"ORDER BY {string.Join(", ", table.Order)}");
        _ = command.Parameters.Give(session.TenantId).Give(session.SessionId);
        await using var rows = await ReadingAsync(() => command.ExecuteReaderAsync(cancellationToken));
        while (await ReadingAsync(() => rows.ReadAsync(cancellationToken)))
        {
            yield return [.. table.Columns.Select((column, i) => Value(rows, i, column.Kind))];
        }
    }

    public async Task WriteAsync(
        SessionKey session, Func<MovedTable, IAsyncEnumerable<object?[]>> rows, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var texts = new MovedTexts();
            foreach (var table in MovedTable.All)
            {
                await CopyAsync(connection, table, texts.NoteAsync(table, rows(table)), cancellationToken);
            }

            await texts.EnterAsync(connection, session, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure))
        {
            throw PostgresFailures.ToException(failure, sent: false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _use.DisposeAsync();
    }

    // Logs are kept by days. What is moved has today's, the same for a stream as for its chunks: one transaction, one
    // now(). When they expire goes by their streams' ends.
    private static async Task CopyAsync(
        NpgsqlConnection connection, MovedTable table, IAsyncEnumerable<object?[]> rows,
        CancellationToken cancellationToken)
    {
        var isLog = table.Name == "stream_chunk";
        var today = isLog ? await TodayAsync(connection, cancellationToken) : default;
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {table.Name} ({Columns(table)}{(isLog ? ", log_day" : "")}) FROM STDIN (FORMAT binary)",
            cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            for (var i = 0; i < row.Length; i++)
            {
                await WriteAsync(copy, row[i], table.Columns[i], cancellationToken);
            }

            await (isLog ? copy.WriteAsync(today, NpgsqlDbType.Date, cancellationToken) : Task.CompletedTask);
        }

        _ = await copy.CompleteAsync(cancellationToken);
    }

    private static async Task<DateOnly> TodayAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var today = new NpgsqlCommand("SELECT (now() AT TIME ZONE 'UTC')::date", connection);
        await using var row = await today.ExecuteReaderAsync(cancellationToken);
        _ = await row.ReadAsync(cancellationToken);
        return row.GetFieldValue<DateOnly>(0);
    }

    private static Task WriteAsync(
        NpgsqlBinaryImporter copy, object? value, MovedColumn column, CancellationToken cancellationToken) =>
        value switch
        {
            null => copy.WriteNullAsync(cancellationToken),
            string text => copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken),
            byte[] bytes => copy.WriteAsync(bytes, NpgsqlDbType.Bytea, cancellationToken),
            long number => column.Kind switch
            {
                MovedKind.Time => copy.WriteAsync(
                    DateTimeOffset.FromUnixTimeMilliseconds(number).UtcDateTime, NpgsqlDbType.TimestampTz,
                    cancellationToken),
                MovedKind.Flag => copy.WriteAsync(number != 0, NpgsqlDbType.Boolean, cancellationToken),
                MovedKind.Small => copy.WriteAsync((int)number, NpgsqlDbType.Integer, cancellationToken),
                _ => copy.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken),
            },
            _ => throw new InvalidOperationException($"No value of {value.GetType()} is moved."),
        };

    private static object? Value(NpgsqlDataReader row, int column, MovedKind kind) =>
        row.IsDBNull(column) ? null
        : kind switch
        {
            MovedKind.Text => row.GetString(column),
            MovedKind.Bytes => row.GetFieldValue<byte[]>(column),
            MovedKind.Time => row.GetTime(column).ToUnixTimeMilliseconds(),
            MovedKind.Flag => row.GetBoolean(column) ? 1L : 0L,
            MovedKind.Small => (long)row.GetInt32(column),
            _ => row.GetInt64(column),
        };

    private static string Columns(MovedTable table) => string.Join(", ", table.Columns.Select(column => column.Name));

    private static string OfSession(MovedTable table) => table.OfStreams
        ? "stream_id IN (SELECT stream_id FROM stream WHERE tenant_id = $1 AND session_id = $2"
            + $"{(table.OfLogs ? " AND has_log" : "")})"
        : "tenant_id = $1 AND session_id = $2";

    private static async Task<T> ReadingAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure))
        {
            throw PostgresFailures.ToException(failure, sent: false);
        }
    }
}
