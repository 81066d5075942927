using Chat.V1;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Reads what streams have logged, each from the partition of its day alone.</summary>
internal static class LogQueries
{
    /// <summary>The sum leaves out what is behind the bound before it is sent.</summary>
    public static readonly RequestSql EventsAfter = new(
        $"""
        SELECT body FROM (
            SELECT seq_first, body,
                   sum(octet_length(body)) OVER (ORDER BY seq_first) - octet_length(body) AS before
            FROM (
                SELECT seq_first, body FROM stream_chunk
                WHERE log_day = {LogDay} AND stream_id = $2 AND seq_last > $3 ORDER BY seq_first LIMIT $4) AS next
        ) AS summed
        WHERE before < 262144 ORDER BY seq_first
        """);

    /// <summary>All that are followed, each by its key; of each a few chunks.</summary>
    public const string Followed =
        """
        SELECT stream.stream_id, epoch, state IN (1, 2, 3), last_seq, chunk.body
        FROM unnest($1::text[], $2::bigint[]) AS place (followed_id, after)
        CROSS JOIN LATERAL (SELECT * FROM stream WHERE stream_id = followed_id) AS stream
        LEFT JOIN LATERAL (
            SELECT seq_first, body FROM stream_chunk
            WHERE stream_chunk.log_day = stream.log_day AND stream_chunk.stream_id = followed_id AND seq_last > after
              AND has_log AND last_seq > after
            ORDER BY seq_first LIMIT 4) AS chunk ON true
        ORDER BY stream.stream_id, chunk.seq_first
        """;

    public static readonly RequestSql Fence = new(
        $"""
        SELECT coalesce(max(seq_last), 0) FROM stream_chunk
        WHERE log_day = {LogDay} AND stream_id = $2 AND epoch <= $3
        """);

    public const string Expire =
        """
        WITH expired AS (
            SELECT stream_id FROM stream WHERE has_log AND ended_at < $1
            ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED),
        emptied AS (
            UPDATE stream SET has_log = false, request_key = NULL, request = ''
            FROM expired WHERE stream.stream_id = expired.stream_id
            RETURNING 1)
        SELECT count(*) FROM emptied
        """;

    // A log whose time is over may still be there, until the last one of its day is over.
    private const string LogDay = "(SELECT log_day FROM stream WHERE tenant_id = $1 AND stream_id = $2 AND has_log)";

    // A chunk has an event at least. Callers come back for more.
    private const int MaxChunks = 1_000;

    public static void BindEventsAfter(NpgsqlParameterCollection parameters, string streamId, long after, int limit) =>
        parameters.Give(streamId).Give(after).Give((long)Math.Min(limit, MaxChunks));

    public static async Task<IReadOnlyList<StreamChatResponse>> ReadEventsAsync(
        NpgsqlDataReader rows, long afterSequence, int limit)
    {
        var events = new List<StreamChatResponse>();
        while (events.Count < limit && await rows.ReadAsync())
        {
            events.AddRange(rows.GetMessages<StreamChatResponse>(0).Where(each => each.Sequence > afterSequence));
        }

        return events;
    }

    public static void BindFollowed(NpgsqlParameterCollection parameters, IReadOnlyList<FollowedPlace> followed) =>
        parameters
            .Give(followed.Select(place => place.StreamId).ToArray())
            .Give(followed.Select(place => place.AfterSequence).ToArray());

    public static async Task<IReadOnlyList<FollowedStream>> ReadFollowedAsync(
        NpgsqlDataReader rows, IReadOnlyList<FollowedPlace> followed)
    {
        var places = followed.ToDictionary(place => place.StreamId, place => place.AfterSequence);
        var streams = new List<FollowedStream>();
        var events = new List<StreamChatResponse>();
        while (await rows.ReadAsync())
        {
            var streamId = rows.GetString(0);
            if (streams.Count == 0 || streams[^1].StreamId != streamId)
            {
                events = [];
                streams.Add(
                    new FollowedStream(streamId, rows.GetInt64(1), rows.GetBoolean(2), rows.GetInt64(3), events));
            }

            if (!rows.IsDBNull(4))
            {
                events.AddRange(
                    rows.GetMessages<StreamChatResponse>(4).Where(each => each.Sequence > places[streamId]));
            }
        }

        return streams;
    }

    public static async Task<long> ReadNumberAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        return rows.GetInt64(0);
    }
}
