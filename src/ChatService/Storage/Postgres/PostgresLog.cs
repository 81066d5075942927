namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// What the store tells the operator: where it is, what is wrong and what helps. No secrets, no contents.
/// </summary>
internal static partial class PostgresLog
{
    [LoggerMessage(6001, LogLevel.Information, "Conversations are kept in PostgreSQL at {Place}.")]
    public static partial void Ready(ILogger logger, string place);

    [LoggerMessage(6002, LogLevel.Information, "The schema of {Place} is brought from {From} to {To}.")]
    public static partial void Migrating(ILogger logger, string place, int from, int to);

    [LoggerMessage(6003, LogLevel.Warning, "PostgreSQL at {Place}: {Trouble} ({Detail}). {Remedy}")]
    public static partial void InTrouble(ILogger logger, string place, string trouble, string detail, string remedy);

    [LoggerMessage(6004, LogLevel.Information, "PostgreSQL at {Place} answers again.")]
    public static partial void Recovered(ILogger logger, string place);

    [LoggerMessage(6008, LogLevel.Information, "The logs of {Partition} are over and were dropped.")]
    public static partial void DayDropped(ILogger logger, string partition);
}
