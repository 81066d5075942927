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
