using Chaos.Tests.Faults;
using Chaos.Tests.History;
using Chat.V1;
using Npgsql;

namespace Chaos.Tests.Replicas;

/// <summary>
/// Which replica owns which turn. The service names owners by the lives of its processes; a trigger of the run's own
/// writes down whose they are.
/// </summary>
internal sealed class OwnerRecord(Probe probe, RunClock clock)
{
    private const string Install = """
        CREATE TABLE public.life (
            id text PRIMARY KEY, replica text NOT NULL, began timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE FUNCTION public.note_life() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            INSERT INTO public.life (id, replica) VALUES (NEW.id, current_setting('application_name'))
                ON CONFLICT DO NOTHING;
            RETURN NEW;
        END
        $$;
        CREATE TRIGGER note_life AFTER INSERT ON chatgrpc.incarnation
            FOR EACH ROW EXECUTE FUNCTION public.note_life();
        INSERT INTO public.life (id, replica) SELECT id, @replica FROM chatgrpc.incarnation;

        CREATE TABLE public.death (id text PRIMARY KEY, at timestamptz NOT NULL, by text NOT NULL);
        CREATE FUNCTION public.note_death() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            INSERT INTO public.death VALUES (OLD.id, clock_timestamp(), current_setting('application_name'))
                ON CONFLICT DO NOTHING;
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER note_death AFTER DELETE ON chatgrpc.incarnation
            FOR EACH ROW EXECUTE FUNCTION public.note_death();

        CREATE TABLE public.move (
            stream_id text NOT NULL, former text NOT NULL, taker text NOT NULL, at timestamptz NOT NULL,
            has_run boolean NOT NULL, is_theft boolean NOT NULL);
        CREATE FUNCTION public.note_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            IF NEW.owner NOT IN (OLD.owner, '') THEN
                INSERT INTO public.move VALUES (
                    NEW.stream_id, OLD.owner, NEW.owner, clock_timestamp(), OLD.state = 2,
                    EXISTS (SELECT 1 FROM chatgrpc.incarnation WHERE id = OLD.owner));
            END IF;
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER note_move AFTER UPDATE OF owner ON chatgrpc.stream
            FOR EACH ROW EXECUTE FUNCTION public.note_move();
        """;

    private const string Moves = """
        SELECT stream_id, move.at, coalesce(former.replica, move.former), coalesce(later.replica, taker), death.at,
               has_run, is_theft
        FROM public.move LEFT JOIN public.life AS later ON later.id = taker
            LEFT JOIN public.life AS former ON former.id = move.former LEFT JOIN public.death ON death.id = move.former
        ORDER BY move.at
        """;

    // Of its present life: what the former one left is not harmed once more.
    private const string Open = """
        SELECT stream_id, state FROM chatgrpc.stream
        WHERE state IN (1, 2, 3)
          AND owner = (
              SELECT id FROM public.life WHERE replica = @replica AND began <= @before ORDER BY began DESC LIMIT 1)
        """;

    private const string Deaths =
        "SELECT replica, at FROM public.death JOIN public.life USING (id) WHERE by <> replica ORDER BY at";

    private const string Last = """
        SELECT DISTINCT ON (stream_id) stream_id, pg_xact_commit_timestamp(stream_chunk.xmin)
        FROM chatgrpc.stream_chunk JOIN chatgrpc.stream USING (stream_id)
        WHERE state = @interrupted ORDER BY stream_id, seq_first DESC
        """;

    /// <summary>From now on; until now there was one replica alone.</summary>
    public async Task BeginAsync(string first)
    {
        await using var connection = await probe.OpenAsync();
        await using var command = new NpgsqlCommand(Install, connection);
        _ = command.Parameters.AddWithValue("replica", first);
        _ = await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// The turns that are open and belong to the life that a replica had at a time, with their states; waits for the
    /// database.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, int>> OpenAsync(string replica, long before)
    {
        while (true)
        {
            try
            {
                var open = await ReadAsync(
                    Open, reader => (reader.GetString(0), reader.GetInt32(1)), ("replica", replica),
                    ("before", clock.ToDate(before)));
                return open.ToDictionary(turn => turn.Item1, turn => turn.Item2);
            }
            catch (NpgsqlException)
            {
                _ = await probe.AnswersAsync();
            }
        }
    }

    /// <summary>When each turn that ended INTERRUPTED was closed, by the database's own record.</summary>
    public async Task<IReadOnlyDictionary<string, long>> EndsAsync()
    {
        var ends = await ReadAsync(
            Last, reader => (reader.GetString(0), clock.FromDate(reader.GetDateTime(1))),
            ("interrupted", (int)StreamState.Interrupted));
        return ends.ToDictionary(end => end.Item1, end => end.Item2);
    }

    /// <summary>Which replicas others declared dead, and when.</summary>
    public Task<List<(string Replica, long At)>> DeathsAsync() =>
        ReadAsync(Deaths, reader => (reader.GetString(0), clock.FromDate(reader.GetDateTime(1))));

    /// <summary>The turns that came to another owner, in order.</summary>
    public Task<List<Move>> MovesAsync() => ReadAsync(Moves, reader => new Move(
        reader.GetString(0), clock.FromDate(reader.GetDateTime(1)), reader.GetString(2), reader.GetString(3))
    {
        Died = reader.IsDBNull(4) ? null : clock.FromDate(reader.GetDateTime(4)),
        HasRun = reader.GetBoolean(5),
        IsTheft = reader.GetBoolean(6),
    });

    private async Task<List<T>> ReadAsync<T>(
        string query, Func<NpgsqlDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        await using var connection = await probe.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        foreach (var (name, value) in parameters)
        {
            _ = command.Parameters.AddWithValue(name, value);
        }

        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<T>();
        while (await reader.ReadAsync())
        {
            found.Add(read(reader));
        }

        return found;
    }
}
