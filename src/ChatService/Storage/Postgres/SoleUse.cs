using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// The conversations for one process alone: held by a connection of its own, which no service enters meanwhile.
/// </summary>
internal sealed class SoleUse : IAsyncDisposable
{
    /// <summary>"CHAT", and the first of the advisory locks that belong to it.</summary>
    public const string Key = "x'43484154'::integer, 1";

    // A service that has just died is waited for until its lease is over.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlConnection _connection;

    private SoleUse(NpgsqlConnection connection) => _connection = connection;

    /// <exception cref="StoreException">The database is away, or a service uses it.</exception>
    public static async Task<SoleUse> TakeAsync(PostgresSettings settings, TimeProvider time)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(settings.ForService) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            if (!await IsAsync(connection, $"SELECT pg_try_advisory_lock({Key})"))
            {
                throw HeldByAnother($"The conversations of the database at {settings.Place} are being moved.");
            }

            var began = time.GetTimestamp();
            while (await IsAsync(
                connection, "SELECT EXISTS (SELECT 1 FROM incarnation WHERE lease_until > clock_timestamp())"))
            {
                if (time.GetElapsedTime(began) >= Patience)
                {
                    throw HeldByAnother($"A service keeps the conversations of the database at {settings.Place}.");
                }

                await Task.Delay(Pause, time);
            }

            // Whoever wakes up meanwhile is to hear that it is dead.
            await using (var bury = new NpgsqlCommand(
                "DELETE FROM incarnation WHERE lease_until <= clock_timestamp()", connection))
            {
                _ = await bury.ExecuteNonQueryAsync();
            }

            return new SoleUse(connection);
        }
        catch (Exception failure)
        {
            await connection.DisposeAsync();
            if (PostgresFailures.IsOfDatabase(failure))
            {
                throw PostgresFailures.ToException(failure, sent: false);
            }

            throw;
        }
    }

    /// <summary>Nobody has the conversations alone until what is returned is disposed of.</summary>
    /// <exception cref="StoreException">Somebody has.</exception>
    public static async Task<IAsyncDisposable> KeepOffAsync(
        NpgsqlConnection connection, PostgresSettings settings, CancellationToken cancellationToken)
    {
        if (!await IsAsync(connection, $"SELECT pg_try_advisory_lock_shared({Key})", cancellationToken))
        {
            throw HeldByAnother($"The conversations of the database at {settings.Place} are being moved.");
        }

        return new Kept(connection);
    }

    public static StoreException HeldByAnother(string detail) => new(
        PostgresFailures.Words(PostgresTrouble.HeldByAnother), new InvalidOperationException(detail));

    public async ValueTask DisposeAsync()
    {
        // The server notices the end of a connection a moment later; who comes next finds the lock free at once.
        try
        {
            _ = await IsAsync(_connection, $"SELECT pg_advisory_unlock({Key})");
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure) || failure is InvalidOperationException)
        {
            // It is gone, and so is the lock.
        }

        await _connection.DisposeAsync();
    }

    private static async Task<bool> IsAsync(
        NpgsqlConnection connection, string question, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed class Kept(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (connection.State == System.Data.ConnectionState.Open)
            {
                _ = await IsAsync(connection, $"SELECT pg_advisory_unlock_shared({Key})");
            }
        }
    }
}
