using ChatGrpc.Model;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Before anything else is asked: the role of requests, the schema, its partitions.
/// </summary>
internal sealed class Preparation(
    PostgresSettings settings,
    NpgsqlDataSource service,
    NpgsqlDataSource requests,
    LogDays days,
    TroubleWatch troubles,
    ILogger logger)
{
    // The first in which a session can be ended and waited for in one go; older ones are out of support.
    private static readonly Version Oldest = new(14, 0);

    /// <exception cref="StartupException">It will never work as it is.</exception>
    /// <exception cref="StoreException">It may work later.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using (var connection = await service.OpenConnectionAsync(cancellationToken))
            {
                RefuseOld(connection);
                await using (await SoleUse.KeepOffAsync(connection, settings, cancellationToken))
                {
                    await new RequestRole(settings).EnsureAsync(connection, cancellationToken);
                    await new Migrations(settings, logger).ApplyAsync(connection, cancellationToken);
                }
            }

            // What was loaded before the schema was there is out of date.
            service.Clear();
            await days.MakeAsync(cancellationToken);
            await using var request = await requests.OpenConnectionAsync(cancellationToken);
            troubles.Succeeded();
            PostgresLog.Ready(logger, settings.Place);
        }
        catch (Exception failure) when (PostgresFailures.IsOfDatabase(failure))
        {
            throw Judge(failure);
        }
    }

    private void RefuseOld(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion < Oldest)
        {
            throw new StartupException(
                $"The server at {settings.Place} is PostgreSQL {connection.PostgreSqlVersion}, and this service needs "
                + $"{Oldest.Major} or later.");
        }
    }

    // What an administrator has to mend is said at once; what passes is waited for.
    private Exception Judge(Exception failure)
    {
        var trouble = PostgresFailures.Of(failure);
        if (trouble is not (PostgresTrouble.LoginRefused or PostgresTrouble.DatabaseMissing
            or PostgresTrouble.RightMissing))
        {
            troubles.Failed(failure);
            return PostgresFailures.ToException(failure, sent: false);
        }

        return new StartupException(
            $"PostgreSQL at {settings.Place}: {TroubleWatch.What(trouble)} ({TroubleWatch.Detail(failure)}). "
            + TroubleWatch.Remedy(trouble, settings),
            failure);
    }
}
