using Chat.V1;
using Google.Protobuf;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Wishes, written by any process and taken by the turns' owners.</summary>
internal static class WishQueries
{
    public static readonly RequestSql Write = new(
        """
        INSERT INTO wish (stream_id, kind, body)
        SELECT stream_id, $3, $4 FROM stream WHERE tenant_id = $1 AND stream_id = $2 AND state IN (1, 2, 3)
        """);

    /// <summary>
    /// What is to end is told until it has: who is told may not have it yet. With the others goes what was wanted of
    /// turns that have ended.
    /// </summary>
    public const string Take =
        """
        WITH taken AS (
            DELETE FROM wish USING stream
            WHERE stream.stream_id = wish.stream_id AND owner = $1 AND (state NOT IN (1, 2, 3) OR kind NOT IN (1, 2))
            RETURNING number, tenant_id, wish.stream_id, kind, body, state)
        SELECT tenant_id, stream_id, kind, body FROM (
            SELECT * FROM taken
            UNION ALL
            SELECT number, tenant_id, wish.stream_id, kind, body, state
            FROM wish JOIN stream ON stream.stream_id = wish.stream_id
            WHERE owner = $1 AND state IN (1, 2, 3) AND kind IN (1, 2)) AS wanted
        WHERE state IN (1, 2, 3) ORDER BY number
        """;

    /// <summary>Their turns have ended before their owners took them, and the owners are gone.</summary>
    public const string Forget =
        "DELETE FROM wish USING stream WHERE stream.stream_id = wish.stream_id AND state NOT IN (1, 2, 3)";

    public static void Bind(NpgsqlParameterCollection parameters, TurnWish wish) => parameters
        .Give(wish.StreamId).Give((int)wish.Kind).Give(wish.ToolResult?.ToByteArray() ?? []);

    public static async Task<IReadOnlyList<TurnWish>> ReadAsync(NpgsqlDataReader rows)
    {
        var wishes = new List<TurnWish>();
        while (await rows.ReadAsync())
        {
            var kind = (WishKind)rows.GetInt32(2);
            wishes.Add(new TurnWish(rows.GetString(0), rows.GetString(1), kind)
            {
                ToolResult = kind == WishKind.TakeResult
                    ? ToolResult.Parser.ParseFrom(rows.GetFieldValue<byte[]>(3)) : null,
            });
        }

        return wishes;
    }
}
