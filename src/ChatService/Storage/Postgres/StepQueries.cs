using Chat.V1;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Reads turns' steps: by themselves, or as arrays beside the message that they belong to.</summary>
internal static class StepQueries
{
    public static readonly RequestSql OfStream = new(
        $"""
        SELECT {Arrays} FROM turn_step
        WHERE stream_id = (SELECT stream_id FROM stream WHERE tenant_id = $1 AND stream_id = $2)
        """);

    /// <summary>The columns of one row for all steps there are; null if there is none.</summary>
    public const string Arrays =
        """
        array_agg(step ORDER BY step), array_agg(kind ORDER BY step), array_agg(state ORDER BY step),
        array_agg(body ORDER BY step), array_agg(attempts ORDER BY step), array_agg(waiting_since ORDER BY step)
        """;

    /// <param name="first">The first of the six columns.</param>
    public static IReadOnlyList<TurnStep> Read(NpgsqlDataReader row, int first)
    {
        if (row.IsDBNull(first))
        {
            return [];
        }

        var numbers = row.GetFieldValue<int[]>(first);
        var kinds = row.GetFieldValue<int[]>(first + 1);
        var states = row.GetFieldValue<int[]>(first + 2);
        var bodies = row.GetFieldValue<byte[][]>(first + 3);
        var attempts = row.GetFieldValue<byte[][]>(first + 4);
        var since = row.GetFieldValue<DateTime?[]>(first + 5);
        return
        [
            .. numbers.Select((number, i) => new TurnStep(
                number, (StepKind)kinds[i], (StreamState)states[i],
                [.. LengthPrefixed.Decode<StreamChatResponse>(bodies[i])])
            {
                Attempts = [.. LengthPrefixed.Decode<Attempt>(attempts[i])],
                WaitingSince = since[i] is { } time ? new DateTimeOffset(time) : null,
            }),
        ];
    }

    public static async Task<IReadOnlyList<TurnStep>> ReadAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        return Read(rows, 0);
    }
}
