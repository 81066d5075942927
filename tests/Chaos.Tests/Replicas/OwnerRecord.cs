using Chaos.Tests.Faults;
using Chaos.Tests.History;
using Npgsql;

namespace Chaos.Tests.Replicas;

/// <summary>
/// Which replica owns which turn. The service names owners by the lives of its processes; a trigger of the run's own
/// writes down whose they are.
/// </summary>
internal sealed class OwnerRecord(Probe probe, RunClock clock)
{
    private const string Install = """
        CREATE TABLE public.life (id text PRIMARY KEY, replica text NOT NULL);
        CREATE FUNCTION public.note_life() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            INSERT INTO public.life VALUES (NEW.id, current_setting('application_name')) ON CONFLICT DO NOTHING;
            RETURN NEW;
        END
        $$;
        CREATE TRIGGER note_life AFTER INSERT ON chatgrpc.incarnation
            FOR EACH ROW EXECUTE FUNCTION public.note_life();
        INSERT INTO public.life SELECT id, @replica FROM chatgrpc.incarnation;

        CREATE TABLE public.theft (stream_id text NOT NULL, owner text NOT NULL, taker text NOT NULL);
        CREATE FUNCTION public.note_theft() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            IF NEW.owner NOT IN (OLD.owner, '')
               AND EXISTS (SELECT 1 FROM chatgrpc.incarnation WHERE id = OLD.owner) THEN
                INSERT INTO public.theft VALUES (NEW.stream_id, OLD.owner, NEW.owner);
            END IF;
            RETURN NEW;
        END
        $$;
        CREATE TRIGGER note_theft AFTER UPDATE OF owner ON chatgrpc.stream
            FOR EACH ROW EXECUTE FUNCTION public.note_theft();
        """;

    private const string Thefts = """
        SELECT stream_id, format('%s took it from %s, which lived', coalesce(later.replica, taker), former.replica)
        FROM public.theft LEFT JOIN public.life AS later ON later.id = taker LEFT JOIN public.life AS former
            ON former.id = theft.owner
        """;

    private const string Open = """
        SELECT stream_id, state FROM chatgrpc.stream JOIN public.life ON life.id = stream.owner
        WHERE state IN (1, 2, 3) AND replica = @replica
        """;

    private const string Last = """
        SELECT DISTINCT ON (stream_id) stream_id, pg_xact_commit_timestamp(stream_chunk.xmin)
        FROM chatgrpc.stream_chunk JOIN chatgrpc.stream USING (stream_id)
        WHERE state > 3 ORDER BY stream_id, seq_first DESC
        """;

    private const string Lives = """
        SELECT id, alive_since FROM chatgrpc.incarnation JOIN public.life USING (id)
        WHERE replica <> @replica AND lease_until > clock_timestamp()
        """;

    /// <summary>From now on; until now there was one replica alone.</summary>
    public async Task BeginAsync(string first)
    {
        await using var connection = await probe.OpenAsync();
        await using var command = new NpgsqlCommand(Install, connection);
        _ = command.Parameters.AddWithValue("replica", first);
        _ = await command.ExecuteNonQueryAsync();
    }

    /// <summary>The turns that a replica owns and that are open, with their states; waits for the database.</summary>
    public async Task<IReadOnlyDictionary<string, int>> OpenAsync(string replica) =>
        await AskAsync(Open, replica, reader => reader.GetInt32(1));

    /// <summary>
    /// The lives of all other replicas that are not over, each with the time since when its lease has been renewed in
    /// good time; waits for the database.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, long>> OthersAsync(string replica) =>
        await AskAsync(Lives, replica, reader => clock.FromDate(reader.GetDateTime(1)));

    /// <summary>When the closing commit of each turn was made, by the database's own record.</summary>
    public async Task<IReadOnlyDictionary<string, long>> EndsAsync()
    {
        var ends = await ReadAsync(Last, reader => (reader.GetString(0), clock.FromDate(reader.GetDateTime(1))));
        return ends.ToDictionary(end => end.Item1, end => end.Item2);
    }

    /// <summary>The turns that were taken from an owner that lived, and by whom.</summary>
    public Task<List<(string StreamId, string How)>> TheftsAsync() =>
        ReadAsync(Thefts, reader => (reader.GetString(0), reader.GetString(1)));

    private async Task<List<T>> ReadAsync<T>(string query, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = await probe.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<T>();
        while (await reader.ReadAsync())
        {
            found.Add(read(reader));
        }

        return found;
    }

    private async Task<Dictionary<string, T>> AskAsync<T>(string query, string replica, Func<NpgsqlDataReader, T> value)
    {
        while (true)
        {
            try
            {
                await using var connection = await probe.OpenAsync();
                await using var command = new NpgsqlCommand(query, connection);
                _ = command.Parameters.AddWithValue("replica", replica);
                await using var reader = await command.ExecuteReaderAsync();
                var found = new Dictionary<string, T>();
                while (await reader.ReadAsync())
                {
                    found[reader.GetString(0)] = value(reader);
                }

                return found;
            }
            catch (NpgsqlException)
            {
                _ = await probe.AnswersAsync();
            }
        }
    }
}
