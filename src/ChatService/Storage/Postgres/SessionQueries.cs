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

    /// <summary>
    /// All that are watched, each by its key, which the limit sees to: for thousands of them the planner would rather
    /// read all sessions there are.
    /// </summary>
    public const string Versions =
        """
        SELECT session.*
        FROM unnest($1::text[], $2::text[]) AS watched (of_tenant, watched_id)
        CROSS JOIN LATERAL (
            SELECT tenant_id, session_id, revision, created_at FROM session
            WHERE tenant_id = of_tenant AND session_id = watched_id LIMIT 1) AS session
        """;

    /// <summary>To be followed by <see cref="Find"/>, as the next.</summary>
    public static readonly RequestSql Rename = new("SELECT rename_session($1, $2, $3, $4, $5)");

    public static readonly RequestSql SelectBranch = new("SELECT select_branch($1, $2, $3)");

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

    public static void BindVersions(NpgsqlParameterCollection parameters, IReadOnlyCollection<SessionKey> sessions) =>
        parameters
            .Give(sessions.Select(key => key.TenantId).ToArray())
            .Give(sessions.Select(key => key.SessionId).ToArray());

    public static void BindRename(
        NpgsqlParameterCollection parameters, string sessionId, string title, DateTimeOffset at) => parameters
        .Give(sessionId).Give(title).Give(at.ToDatabase()).Give(SearchQueries.TokensOf(title));

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

    public static async Task<IReadOnlyDictionary<SessionKey, SessionVersion>> ReadVersionsAsync(NpgsqlDataReader rows)
    {
        var versions = new Dictionary<SessionKey, SessionVersion>();
        while (await rows.ReadAsync())
        {
            versions[new SessionKey(rows.GetString(0), rows.GetString(1))] =
                new SessionVersion(rows.GetInt64(2), rows.GetTime(3));
        }

        return versions;
    }

    /// <summary>What follows a change that says nothing by itself.</summary>
    public static async Task<SessionRecord?> ReadChangedAsync(NpgsqlDataReader rows)
    {
        _ = await rows.NextResultAsync();
        return await ReadOneAsync(rows);
    }

    public static async Task<BranchSelection> ReadSelectedAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        var hasMessage = rows.GetBoolean(0);
        return new BranchSelection(await ReadChangedAsync(rows), hasMessage);
    }

    public static async Task<DeleteResult> ReadDeletedAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        return new DeleteResult((DeleteOutcome)rows.GetInt32(0), rows.GetString(1));
    }
}
