using System.Globalization;
using System.Reflection;
using ChatGrpc.Model;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Brings a database to this program's schema: NNNN-name.sql, each once, each in a transaction, by one process at a
/// time.
/// </summary>
internal sealed class Migrations(PostgresSettings settings, ILogger logger)
{
    private const string Folder = ".Storage.Postgres.Migrations.";

    // "CHAT", and the second of the locks that belong to it.
    private const string Lock = "SELECT pg_advisory_lock(x'43484154'::integer, 2)";
    private const string Unlock = "SELECT pg_advisory_unlock(x'43484154'::integer, 2)";

    private const string MakeTable =
        $"""
        CREATE SCHEMA IF NOT EXISTS {PostgresSettings.Schema};
        CREATE TABLE {PostgresSettings.Schema}.migration (
            version    integer PRIMARY KEY,
            name       text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now());
        """;

    private const string Look =
        $"""
        SELECT to_regclass('{PostgresSettings.Schema}.migration') IS NOT NULL,
               EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                       WHERE nspname = '{PostgresSettings.Schema}')
        """;

    /// <exception cref="StartupException">The schema is somebody else's, or a newer program's.</exception>
    public async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await RunAsync(connection, Lock, cancellationToken);
        try
        {
            var scripts = Load();
            var applied = await FindAppliedAsync(connection, cancellationToken);
            if (applied > scripts.Count)
            {
                throw new StartupException(
                    $"The conversations at {settings.Place} are of schema {applied}, and this program knows "
                    + $"{scripts.Count}: start the newer program, or name another database in {settings.Name}.");
            }

            if (applied < scripts.Count)
            {
                PostgresLog.Migrating(logger, settings.Place, applied, scripts.Count);
            }

            for (var version = applied + 1; version <= scripts.Count; version++)
            {
                await ApplyOneAsync(connection, version, scripts[version - 1], cancellationToken);
            }
        }
        finally
        {
            // With its connection the lock would go as well, but that returns to its pool.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await RunAsync(connection, Unlock, CancellationToken.None);
            }
        }
    }

    private static async Task ApplyOneAsync(
        NpgsqlConnection connection, int version, (string Name, string Sql) script, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // A large table takes its time to be changed.
        await RunAsync(connection, "SET LOCAL statement_timeout = 0", cancellationToken);
        await RunAsync(connection, script.Sql, cancellationToken);
        await using var note = new NpgsqlCommand(
            $"INSERT INTO {PostgresSettings.Schema}.migration (version, name) VALUES ($1, $2)", connection);
        _ = note.Parameters.Give(version).Give(script.Name);
        _ = await note.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<int> FindAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand(Look, connection);
        bool isOurs, isTaken;
        await using (var row = await look.ExecuteReaderAsync(cancellationToken))
        {
            _ = await row.ReadAsync(cancellationToken);
            (isOurs, isTaken) = (row.GetBoolean(0), row.GetBoolean(1));
        }

        if (!isOurs)
        {
            if (isTaken)
            {
                throw new StartupException(
                    $"The database at {settings.Place} has a schema {PostgresSettings.Schema} with tables that are not "
                    + $"this service's: name another database in {settings.Name}.");
            }

            await RunAsync(connection, MakeTable, cancellationToken);
            return 0;
        }

        await using var count = new NpgsqlCommand(
            $"SELECT coalesce(max(version), 0) FROM {PostgresSettings.Schema}.migration", connection);
        return Convert.ToInt32(await count.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // Zero: as long as the server takes, which watches its own time where that is short.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        _ = await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static List<(string Name, string Sql)> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.Contains(Folder, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return (name[(name.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..],
                        reader.ReadToEnd());
                }),
        ];
    }
}
