using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Writes events and closings: one batch, one transaction. What are only events, and that is nearly all, goes in one
/// statement for all streams; what changes a turn's state, or has steps, is written by a function, one after the other.
/// </summary>
internal static class TurnCommit
{
    public const string Lock = "SELECT lock_turns($1, $2)";

    public const string Events =
        """
        WITH given AS (
            SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[])
                AS given (stream_id, given_epoch, new_epoch, seq_first, seq_last, body)),
        advanced AS (
            UPDATE stream SET last_seq = seq_last, epoch = new_epoch FROM given
            WHERE stream.stream_id = given.stream_id AND epoch = given_epoch AND state IN (1, 2, 3)
              AND last_seq = seq_first - 1
            RETURNING log_day, stream.stream_id, seq_first, seq_last, new_epoch, body),
        written AS (
            INSERT INTO stream_chunk (log_day, stream_id, seq_first, seq_last, epoch, body)
            SELECT * FROM advanced)
        SELECT stream_id FROM advanced
        """;

    public const string Turn =
        """
        SELECT committed, promoted FROM write_turn(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
            $21)
        """;

    /// <summary>
    /// Writes of one stream take effect in their order, so each round has one of each stream at most; the flusher's
    /// commits are one round.
    /// </summary>
    public static List<List<int>> Rounds(IReadOnlyList<TurnWrite> writes)
    {
        var rounds = new List<List<int>>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < writes.Count; i++)
        {
            var round = seen.GetValueOrDefault(writes[i].StreamId);
            seen[writes[i].StreamId] = round + 1;
            if (round == rounds.Count)
            {
                rounds.Add([]);
            }

            rounds[round].Add(i);
        }

        return rounds;
    }

    public static void Fill(NpgsqlBatch batch, IReadOnlyList<TurnWrite> writes, List<List<int>> rounds)
    {
        if (writes.Count > 1)
        {
            batch.Add(Lock, parameters => parameters
                .Give(writes.Select(write => write.StreamId).ToArray())
                .Give(writes.Where(ChangesState).Select(write => write.StreamId).ToArray()));
        }

        foreach (var round in rounds)
        {
            if (round.Any(i => IsEventsAlone(writes[i])))
            {
                batch.Add(
                    Events,
                    parameters => BindEvents(parameters, [.. round.Select(i => writes[i]).Where(IsEventsAlone)]));
            }

            foreach (var i in round.Where(i => !IsEventsAlone(writes[i])))
            {
                batch.Add(Turn, parameters => BindTurn(parameters, writes[i]));
            }
        }
    }

    public static async Task<IReadOnlyList<WriteResult>> ReadAsync(
        NpgsqlDataReader rows, IReadOnlyList<TurnWrite> writes, List<List<int>> rounds)
    {
        var results = new WriteResult[writes.Count];
        Array.Fill(results, new WriteResult(WriteOutcome.Fenced));
        var isFirst = writes.Count == 1;
        foreach (var round in rounds)
        {
            var events = round.Where(i => IsEventsAlone(writes[i])).ToDictionary(i => writes[i].StreamId);
            if (events.Count > 0)
            {
                await NextAsync();
                while (await rows.ReadAsync())
                {
                    results[events[rows.GetString(0)]] = new WriteResult(WriteOutcome.Committed);
                }
            }

            foreach (var i in round.Where(i => !IsEventsAlone(writes[i])))
            {
                await NextAsync();
                if (await rows.ReadAsync() && rows.GetBoolean(0))
                {
                    results[i] = new WriteResult(WriteOutcome.Committed, rows.GetText(1));
                }
            }
        }

        return results;

        // A batch of several begins with the locks' own result.
        async Task NextAsync()
        {
            if (!isFirst)
            {
                _ = await rows.NextResultAsync();
            }

            isFirst = false;
        }
    }

    private static bool ChangesState(TurnWrite write) => write.Closing is not null || write.State is not null;

    private static bool IsEventsAlone(TurnWrite write) => !ChangesState(write) && write.Steps.Count == 0;

    private static void BindEvents(NpgsqlParameterCollection parameters, TurnWrite[] writes) => parameters
        .Give(Array.ConvertAll(writes, write => write.StreamId))
        .Give(Array.ConvertAll(writes, write => write.Epoch))
        .Give(Array.ConvertAll(writes, write => write.NewEpoch))
        .Give(Array.ConvertAll(writes, write => write.FirstSequence))
        .Give(Array.ConvertAll(writes, write => write.LastSequence))
        .Give(Array.ConvertAll(writes, write => LengthPrefixed.Encode(write.Events)));

    private static void BindTurn(NpgsqlParameterCollection parameters, TurnWrite write)
    {
        var closing = write.Closing;
        TurnStep[] steps = [.. write.Steps];
        _ = parameters
            .Give(write.StreamId).Give(write.Epoch).Give(write.NewEpoch)
            .Give(write.FirstSequence).Give(write.LastSequence).Give(LengthPrefixed.Encode(write.Events))
            .Give((int?)(closing?.State ?? write.State)).Give(closing?.EndedAt.ToDatabase())
            .Give(closing is null ? null : LengthPrefixed.Encode(closing.Parts))
            .Give(closing is null ? null : SearchQueries.TokensOf(closing.Parts))
            .Give(closing?.Reasoning).Give(closing?.Usage.ToByteArray()).Give((int?)closing?.FinishReason)
            .Give(closing?.PromotesNext ?? false)
            .Give(Array.ConvertAll(steps, step => step.Number))
            .Give(Array.ConvertAll(steps, step => (int)step.Kind))
            .Give(Array.ConvertAll(steps, step => (int)step.State))
            .Give(Array.ConvertAll(steps, step => LengthPrefixed.Encode(step.Events)))
            .Give(Array.ConvertAll(steps, step => LengthPrefixed.Encode(step.Attempts)))
            .Give(
                Array.ConvertAll(steps, step => step.WaitingSince?.ToDatabase()),
                NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            .Give(Array.ConvertAll(steps, step => step.HasDocument));
    }
}
