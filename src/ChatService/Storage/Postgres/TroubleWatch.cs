using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Tells the operator when trouble begins, when it becomes another one and when it is over: one line each, however many
/// requests meet it.
/// </summary>
internal sealed class TroubleWatch(PostgresSettings settings, ILogger logger)
{
    private const int None = -1;

    private int _current = None;

    public void Succeeded()
    {
        if (Volatile.Read(ref _current) != None && Interlocked.Exchange(ref _current, None) != None)
        {
            PostgresLog.Recovered(logger, settings.Place);
        }
    }

    public void Failed(Exception failure)
    {
        var trouble = PostgresFailures.Of(failure);

        // These say something of one request, not of the database.
        if (trouble is PostgresTrouble.Refused or PostgresTrouble.Conflict or PostgresTrouble.Closed)
        {
            return;
        }

        if (Interlocked.Exchange(ref _current, (int)trouble) != (int)trouble)
        {
            PostgresLog.InTrouble(logger, settings.Place, What(trouble), Detail(failure), Remedy(trouble, settings));
        }
    }

    /// <summary>One line, and never more than the server or the system itself says: no values, no secrets.</summary>
    public static string Detail(Exception failure) => failure switch
    {
        PostgresException server => $"{server.SqlState}: {server.MessageText}",
        { InnerException: { } inner } => Detail(inner),
        _ => failure.Message.ReplaceLineEndings(" ").TrimEnd('.'),
    };

    public static string What(PostgresTrouble trouble) => trouble switch
    {
        PostgresTrouble.Away => "it cannot be reached",
        PostgresTrouble.Restarting => "it starts or stops",
        PostgresTrouble.LoginRefused => "it refuses the user or the password",
        PostgresTrouble.DatabaseMissing => "the database is not there",
        PostgresTrouble.RightMissing => "the user lacks a right",
        PostgresTrouble.SchemaMissing => "a table, a function or the role chatgrpc_request is missing",
        PostgresTrouble.TooManyConnections => "it takes no more connections",
        PostgresTrouble.PoolExhausted => "all connections of this service are in use",
        PostgresTrouble.DiskFull => "its disk is full",
        PostgresTrouble.MemoryFull => "it is out of memory",
        PostgresTrouble.ReadOnly => "it is read-only",
        PostgresTrouble.TimedOut => "it does not answer in time",
        PostgresTrouble.DayMissing => "the day's partition of stream_chunk is missing",
        _ => "it fails",
    };

    public static string Remedy(PostgresTrouble trouble, PostgresSettings settings) => trouble switch
    {
        PostgresTrouble.Away =>
            $"Start it, or mend the network or {settings.Name}; the service goes on as soon as it answers.",
        PostgresTrouble.Restarting => "The service goes on as soon as it is up.",
        PostgresTrouble.LoginRefused => $"Mend the user or the password in {settings.Name}, or pg_hba.conf.",
        PostgresTrouble.DatabaseMissing => $"Make it with CREATE DATABASE, or mend {settings.Name}.",
        PostgresTrouble.RightMissing => "docs/postgresql.md has the rights that the service needs.",
        PostgresTrouble.SchemaMissing => "Restart the service, which makes what is missing, or restore a backup.",
        PostgresTrouble.TooManyConnections =>
            "Raise max_connections at the server, or stop what else is connected; this service takes up to "
            + "Maximum Pool Size and 7 more.",
        PostgresTrouble.PoolExhausted => $"Look for slow queries, or raise Maximum Pool Size in {settings.Name}.",
        PostgresTrouble.DiskFull => "Make room at the server; what was not saved yet is saved then.",
        PostgresTrouble.MemoryFull => "Give the server more memory, or lower its work_mem.",
        PostgresTrouble.ReadOnly => $"Point {settings.Name} to the primary, or make this server the primary.",
        PostgresTrouble.TimedOut => "Look for locks and slow disks at the server, or for a broken network.",
        PostgresTrouble.DayMissing => "The service makes it and tries again.",
        _ => "The server's own log says more.",
    };
}
