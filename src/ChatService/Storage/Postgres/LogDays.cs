using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// The partitions of the logs, one for each day on which streams began: made ahead, and dropped as a whole when no
/// stream of a day has a log any more.
/// </summary>
internal sealed class LogDays(PostgresCalls service, ILogger logger)
{
    // Retention looks after them every few minutes; a week is far more than it is ever kept from doing so.
    private const int DaysAhead = 7;

    // Two that make or drop the same day at the same time would be told that it is there, or is not, already.
    private const string Lock = "SELECT pg_advisory_xact_lock(x'43484154'::integer, 4)";

    public const string Make = "SELECT make_log_days($1)";
    public const string Drop = "SELECT drop_log_day()";

    public static bool IsMissing(StoreException failure) =>
        failure.InnerException is { } inner && PostgresFailures.Of(inner) == PostgresTrouble.DayMissing;

    public Task MakeAsync(CancellationToken cancellationToken) => service.WriteAsync(
        batch =>
        {
            batch.Add(Lock, _ => { });
            batch.Add(Make, with => with.Give(DaysAhead));
        },
        PostgresCalls.SkipOne(rows => rows.ReadAsync()), cancellationToken);

    public async Task DropAsync(CancellationToken cancellationToken)
    {
        while (await service.WriteAsync(
            batch =>
            {
                batch.Add(Lock, _ => { });
                batch.Add(Drop, _ => { });
            },
            PostgresCalls.SkipOne(ReadNameAsync), cancellationToken) is { } day)
        {
            PostgresLog.DayDropped(logger, day);
        }
    }

    private static async Task<string?> ReadNameAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        return rows.GetText(0);
    }
}
