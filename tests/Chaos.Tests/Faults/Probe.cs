using Chaos.Tests.History;
using Chaos.Tests.Load;
using Npgsql;

namespace Chaos.Tests.Faults;

/// <summary>Looks at the database from beside the service, by a way that no fault is on.</summary>
/// <param name="database">Its connection string.</param>
internal sealed class Probe(string database, RunClock clock, Metronome metronome)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    // Recovery after a crash takes a second or two here.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _database = new NpgsqlConnectionStringBuilder(database)
    {
        Pooling = false,
        Timeout = 2,
        CommandTimeout = 10,
    }.ToString();

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>A process of the server.</summary>
    /// <param name="kind">In the words of pg_stat_activity.</param>
    public async Task<int> FindAsync(string kind)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = kind } },
        };
        return (int)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>When the first connection succeeds that is tried from now on.</summary>
    public async Task<long> AnswersAsync()
    {
        for (var last = clock.Now + (long)Patience.TotalMicroseconds; clock.Now < last;)
        {
            try
            {
                await using var connection = await OpenAsync();
                return clock.Now;
            }
            catch (NpgsqlException)
            {
                await metronome.After(Step);
            }
        }

        throw new TimeoutException($"The database did not answer in {Patience}.");
    }

    /// <summary>
    /// Returns when no events have been committed for that long, by the database's own record, or when it is gone.
    /// </summary>
    /// <param name="meanwhile">What is to bring that about.</param>
    public async Task SilenceAsync(TimeSpan time, Action meanwhile)
    {
        var start = clock.Now;
        for (var last = start + (long)Patience.TotalMicroseconds; clock.Now < last;)
        {
            meanwhile();
            try
            {
                await using var connection = await OpenAsync();
                await using var command = new NpgsqlCommand(
                    "SELECT max(pg_xact_commit_timestamp(xmin)) FROM chatgrpc.stream_chunk", connection);
                var committed = await command.ExecuteScalarAsync() is DateTime date ? clock.FromDate(date) : start;
                if (clock.Now - Math.Max(start, committed) > time.TotalMicroseconds)
                {
                    return;
                }
            }
            catch (NpgsqlException)
            {
                return;
            }

            await metronome.After(Step * 50);
        }

        throw new TimeoutException($"What was done to the database kept nothing from being committed in {Patience}.");
    }

    /// <summary>When the first commit of events happened after that time, by the database's own record.</summary>
    public async Task<long> CommitsAsync(long after)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT min(pg_xact_commit_timestamp(xmin)) FROM chatgrpc.stream_chunk "
            + "WHERE pg_xact_commit_timestamp(xmin) > $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = clock.ToDate(after) } },
        };
        for (var last = clock.Now + (long)Patience.TotalMicroseconds; clock.Now < last;)
        {
            if (await command.ExecuteScalarAsync() is DateTime committed)
            {
                return clock.FromDate(committed);
            }

            await metronome.After(Step * 10);
        }

        throw new TimeoutException($"Nothing was committed in {Patience}.");
    }
}
