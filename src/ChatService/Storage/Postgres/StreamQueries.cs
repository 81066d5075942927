using Chat.V1;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Reads streams' rows, and the turns that they are.</summary>
internal static class StreamQueries
{
    public static readonly RequestSql Find = new($"{Columns} WHERE tenant_id = $1 AND stream_id = $2");

    public static readonly RequestSql OfRequest = new($"{Columns} WHERE tenant_id = $1 AND request_key = $2");

    /// <summary>The open ones, or the newest if none is, by one snapshot of the session.</summary>
    public static readonly RequestSql OfSession = new(
        $"""
        WITH open AS MATERIALIZED (
            {Columns} WHERE tenant_id = $1 AND session_id = $2 AND state IN (1, 2, 3)),
        newest AS (
            {Columns} WHERE tenant_id = $1 AND session_id = $2 AND NOT EXISTS (SELECT 1 FROM open)
              AND stream_id = (
                  SELECT stream.stream_id
                  FROM message JOIN stream
                      ON stream.stream_id = message.stream_id AND stream.message_id = message.message_id
                  WHERE message.tenant_id = $1 AND message.session_id = $2 ORDER BY ordinal DESC LIMIT 1))
        SELECT * FROM (SELECT * FROM open UNION ALL SELECT * FROM newest) AS stream {InOrder}
        """);

    /// <summary>
    /// Comes after declare_dead in its transaction: it sees the owners of whatever was taken over before, and that they
    /// live. What somebody writes right now is left to the next look: who has stopped in the middle of that keeps
    /// nobody from the others.
    /// </summary>
    public const string TakeOver =
        $"""
        WITH dead AS (
            SELECT stream_id AS dead_id FROM stream
            WHERE state IN (1, 2, 3) AND NOT EXISTS (SELECT 1 FROM incarnation WHERE id = owner)
              AND EXISTS (SELECT 1 FROM incarnation WHERE id = $1 AND lease_until > clock_timestamp())
            FOR NO KEY UPDATE SKIP LOCKED),
        stream AS (
            UPDATE stream SET owner = $1, epoch = epoch + 1 FROM dead WHERE stream_id = dead_id RETURNING stream.*)
        {Columns} {InOrder}
        """;

    /// <summary>Nobody's: no incarnation has that name.</summary>
    public const string Release =
        "UPDATE stream SET owner = '' WHERE stream_id = ANY ($1) AND owner = $2 AND state IN (1, 3)";

    /// <summary>In a transaction of its own, when nothing lets the others run any more.</summary>
    public const string ReleaseUnrun = "SELECT release_unrun($1, $2)";

    public const string Open = $"{Columns} WHERE state IN (1, 2, 3) AND owner = $1 {InOrder}";

    public const string StatesAmong =
        "SELECT stream_id, state FROM stream WHERE stream_id = ANY ($1) AND state IN (1, 2, 3) AND owner = $2";

    private const string Columns =
        """
        SELECT stream_id, tenant_id, session_id, user_message_id, message_id, model, resolved_model, provider, epoch,
               state, last_seq, continues_id, has_log, created_at, request
        FROM stream
        """;

    // In the order in which they came: that of their answers.
    private const string InOrder =
        "ORDER BY (SELECT ordinal FROM message WHERE message.message_id = stream.message_id)";

    public static async Task<StreamRecord?> ReadOneAsync(NpgsqlDataReader rows) =>
        await rows.ReadAsync() ? Record(rows) : null;

    public static async Task<IReadOnlyList<StreamRecord>> ReadAllAsync(NpgsqlDataReader rows)
    {
        var streams = new List<StreamRecord>();
        while (await rows.ReadAsync())
        {
            streams.Add(Record(rows));
        }

        return streams;
    }

    public static async Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(NpgsqlDataReader rows)
    {
        var turns = new List<StoredTurn>();
        while (await rows.ReadAsync())
        {
            turns.Add(new StoredTurn(Record(rows), rows.GetFieldValue<byte[]>(14)));
        }

        return turns;
    }

    public static async Task<IReadOnlyDictionary<string, StreamState>> ReadStatesAsync(NpgsqlDataReader rows)
    {
        var states = new Dictionary<string, StreamState>();
        while (await rows.ReadAsync())
        {
            states[rows.GetString(0)] = (StreamState)rows.GetInt32(1);
        }

        return states;
    }

    private static StreamRecord Record(NpgsqlDataReader row) => new()
    {
        StreamId = row.GetString(0),
        TenantId = row.GetString(1),
        SessionId = row.GetString(2),
        UserMessageId = row.GetString(3),
        MessageId = row.GetString(4),
        Model = row.GetString(5),
        ResolvedModel = row.GetString(6),
        Provider = row.GetString(7),
        Epoch = row.GetInt64(8),
        State = (StreamState)row.GetInt32(9),
        LastSequence = row.GetInt64(10),
        ContinuesStreamId = row.GetString(11),
        HasLog = row.GetBoolean(12),
        CreatedAt = row.GetTime(13),
    };
}
