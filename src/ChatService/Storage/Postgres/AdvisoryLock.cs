using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>The lock of one database that its service holds, and the connections that have to do with it.</summary>
internal static class AdvisoryLock
{
    // "CHAT", and the first of the locks that belong to it.
    private const int Class = 0x43484154;
    private const int Process = 1;

    private const string Held =
        """
        SELECT application_name, pid FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND classid = $1 AND objid = $2 AND objsubid = 2 AND granted
        """;

    /// <summary>Takes it for as long as the connection lasts. False: another connection has it.</summary>
    public static async Task<bool> TryTakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1, $2)", connection);
        _ = command.Parameters.Give(Class).Give(Process);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Who has it. Null: nobody.</summary>
    public static async Task<(string? Name, int Backend)?> FindHolderAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand(Held, connection);
        _ = find.Parameters.Give((long)Class).Give((long)Process);
        await using var rows = await find.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? (rows.GetText(0), rows.GetInt32(1)) : null;
    }

    /// <summary>Ends a connection; returns when it is gone, or does not go within a second.</summary>
    public static async Task EndAsync(NpgsqlConnection connection, int backend, CancellationToken cancellationToken)
    {
        await using var end = new NpgsqlCommand("SELECT pg_terminate_backend($1, 1000)", connection);
        _ = end.Parameters.Give(backend);
        _ = await end.ExecuteScalarAsync(cancellationToken);
    }
}
