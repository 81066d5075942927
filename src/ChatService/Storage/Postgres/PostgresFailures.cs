using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>What an exception of the library means. Anything that may pass is not taken for a refusal.</summary>
internal static class PostgresFailures
{
    public static PostgresTrouble Of(Exception failure) => failure switch
    {
        PostgresException server => OfServer(server),
        ObjectDisposedException => PostgresTrouble.Closed,
        NpgsqlException { InnerException: TimeoutException } exhausted
            when exhausted.Message.Contains("pool has been exhausted", StringComparison.Ordinal)
            => PostgresTrouble.PoolExhausted,
        NpgsqlException { InnerException: TimeoutException } => PostgresTrouble.TimedOut,
        NpgsqlException { InnerException: IOException or SocketException } => PostgresTrouble.Away,
        TimeoutException => PostgresTrouble.TimedOut,
        AuthenticationException => PostgresTrouble.LoginRefused,
        NpgsqlException { InnerException: AuthenticationException } => PostgresTrouble.LoginRefused,
        NpgsqlException { InnerException: PostgresException server } => OfServer(server),
        _ => PostgresTrouble.Away,
    };

    /// <summary>
    /// The database or the way to it fails, not this program. The library lets some of it through as it comes, such as
    /// a host name that is not found.
    /// </summary>
    public static bool IsOfDatabase(Exception failure) => failure
        is NpgsqlException or TimeoutException or ObjectDisposedException or IOException or SocketException
        or AuthenticationException;

    /// <summary>An exception that a store may throw, with what is known of the write's fate.</summary>
    /// <param name="sent">The statement had been sent.</param>
    public static StoreException ToException(Exception failure, bool sent)
    {
        var trouble = Of(failure);
        return new StoreException(Words(trouble), failure)
        {
            Refused = trouble == PostgresTrouble.Refused,
            OutcomeUnknown = sent && !IsAnswer(failure),
        };
    }

    /// <summary>Safe to show to a client: nothing of addresses, names or statements.</summary>
    public static string Words(PostgresTrouble trouble) => trouble switch
    {
        PostgresTrouble.Refused => "The store refused the write.",
        PostgresTrouble.TimedOut => "The store did not answer in time.",
        PostgresTrouble.HeldByAnother => "The store is in use by another process.",
        PostgresTrouble.Closed => "The store is closed.",
        PostgresTrouble.DiskFull or PostgresTrouble.ReadOnly => "The store cannot be written.",
        PostgresTrouble.PoolExhausted or PostgresTrouble.TooManyConnections => "The store is overloaded.",
        _ => "The store cannot be reached.",
    };

    /// <summary>By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html.</summary>
    public static PostgresTrouble OfState(string state) => state switch
    {
        "57P01" or "57P02" or "57P03" or "57P05" => PostgresTrouble.Restarting,
        "57P04" or "3D000" => PostgresTrouble.DatabaseMissing,
        "57014" or "55P03" => PostgresTrouble.TimedOut,
        "53100" => PostgresTrouble.DiskFull,
        "53200" => PostgresTrouble.MemoryFull,
        "53300" => PostgresTrouble.TooManyConnections,
        "25006" => PostgresTrouble.ReadOnly,
        "42501" => PostgresTrouble.RightMissing,
        "3F000" or "42P01" or "42883" or "42703" or "42704" => PostgresTrouble.SchemaMissing,

        // A parameter's value at log-in: the role of requests is not there.
        "22023" => PostgresTrouble.SchemaMissing,
        "08P01" or ['0', '8', ..] => PostgresTrouble.Away,
        ['2', '8', ..] => PostgresTrouble.LoginRefused,
        ['4', '0', ..] => PostgresTrouble.Conflict,
        ['2', '2', ..] or ['2', '3', ..] or ['5', '4', ..] or ['P', '0', ..] => PostgresTrouble.Refused,
        _ => PostgresTrouble.ServerFailed,
    };

    // A row for which there is no partition violates a check that has no name.
    private static PostgresTrouble OfServer(PostgresException failure) =>
        failure is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null or "" }
            ? PostgresTrouble.DayMissing
            : OfState(failure.SqlState);

    // An error ends the statement and its transaction, so nothing was written. What ends the connection as well may
    // have come after the commit.
    private static bool IsAnswer(Exception failure) =>
        failure is PostgresException { InvariantSeverity: "ERROR", SqlState: not "40003" };
}
