using ChatGrpc.Model;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>The role that queries for requests run as: there, and this user may speak as it.</summary>
internal sealed class RequestRole(PostgresSettings settings)
{
    // From PostgreSQL 16 on one can be a member of a role and still not speak as it.
    private const string Look =
        $"""
        SELECT role.oid IS NOT NULL, coalesce(rolsuper OR rolbypassrls, false),
               CASE WHEN role.oid IS NULL THEN false
                    ELSE pg_has_role(role.oid, CASE WHEN current_setting('server_version_num')::integer >= 160000
                                               THEN 'SET' ELSE 'MEMBER' END) END,
               current_user
        FROM (SELECT 1) AS one LEFT JOIN pg_roles AS role ON rolname = '{PostgresSettings.RequestRole}'
        """;

    /// <exception cref="StartupException">It is missing, and this user may not make it.</exception>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        bool exists, isAboveRules, isMember;
        string user;
        await using (var look = new NpgsqlCommand(Look, connection))
        await using (var row = await look.ExecuteReaderAsync(cancellationToken))
        {
            _ = await row.ReadAsync(cancellationToken);
            (exists, isAboveRules, isMember) = (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2));
            user = row.GetString(3);
        }

        if (isAboveRules)
        {
            throw new StartupException(
                $"The role {PostgresSettings.RequestRole} at {settings.Place} is above row security: run "
                + $"ALTER ROLE {PostgresSettings.RequestRole} NOSUPERUSER NOBYPASSRLS.");
        }

        try
        {
            if (!exists)
            {
                await RunAsync($"CREATE ROLE {PostgresSettings.RequestRole} NOLOGIN");
            }

            if (!isMember)
            {
                await RunAsync($"GRANT {PostgresSettings.RequestRole} TO CURRENT_USER");
            }
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StartupException(
                $"The user of {settings.Name} may not make the role that requests run as: let an administrator run "
                + $"CREATE ROLE {PostgresSettings.RequestRole} NOLOGIN; "
                + $"GRANT {PostgresSettings.RequestRole} TO {new NpgsqlCommandBuilder().QuoteIdentifier(user)};",
                refused);
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            try
            {
                _ = await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException raced) when (
                raced.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
            {
                // Roles are of all databases of a server: the service of another one has just made it.
            }
        }
    }
}
