using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Reads and changes sessions, without their messages.</summary>
internal static class SessionQueries
{
    public static readonly RequestSql Find =
        new($"{Columns} WHERE session.tenant_id = $1 AND session.session_id = $2");

    public static readonly RequestSql Page = new(
        $"""
        {Columns}
        WHERE session.tenant_id = $1 AND (updated_at, session.session_id) < ($2, $3)
        ORDER BY updated_at DESC, session.session_id DESC LIMIT $4
        """);

    public static readonly RequestSql Rename = new(
        $"""
        WITH renamed AS (
            UPDATE session SET title = $3, updated_at = greatest(updated_at, $4), revision = revision + 1
            WHERE tenant_id = $1 AND session_id = $2
            RETURNING *)
        SELECT {ColumnList} FROM renamed AS session {WithRunning}
        """);

    public static readonly RequestSql Delete = new("SELECT outcome, found_id FROM delete_session($1, $2)");

    /// <summary>Of session and of the stream that runs in it: seven columns.</summary>
    public const string ColumnList =
        """
        session.session_id, session.title, session.created_at, session.updated_at, session.head_id,
        running.stream_id, session.revision
        """;

    // The turn that runs is found by the index that allows one in a session; its condition has to be the same.
    public const string WithRunning =
        """
        LEFT JOIN stream AS running
            ON running.tenant_id = session.tenant_id AND running.session_id = session.session_id
            AND running.state IN (2, 3)
        """;

    private const string Columns = $"SELECT {ColumnList} FROM session {WithRunning}";

    public static void BindPage(NpgsqlParameterCollection parameters, SessionPlace? after, int limit) => parameters
        .Give(after is null ? DateTime.MaxValue : after.UpdatedAt.ToDatabase())
        .Give(after?.SessionId ?? "")
        .Give(limit + 1L);

    public static SessionRecord Record(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetTime(2),
        row.GetTime(3),
        row.GetString(4),
        row.GetText(5),
        row.GetInt64(6));

    public static async Task<SessionRecord?> ReadOneAsync(NpgsqlDataReader rows) =>
        await rows.ReadAsync() ? Record(rows) : null;

    public static async Task<SessionPage> ReadPageAsync(NpgsqlDataReader rows, int limit)
    {
        var sessions = new List<SessionRecord>();
        var hasMore = false;
        while (await rows.ReadAsync())
        {
            hasMore = sessions.Count == limit;
            if (!hasMore)
            {
                sessions.Add(Record(rows));
            }
        }

        return new SessionPage(sessions, hasMore);
    }

    public static async Task<DeleteResult> ReadDeletedAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        return new DeleteResult((DeleteOutcome)rows.GetInt32(0), rows.GetString(1));
    }
}
