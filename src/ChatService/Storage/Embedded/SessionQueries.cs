using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

internal static class SessionQueries
{
    // The turn that runs is found by the index that allows one in a session; its condition has to be the same.
    private const string Columns =
        """
        SELECT session.session_id AS SessionId, title AS Title, session.created_at AS CreatedAt,
               updated_at AS UpdatedAt, head_id AS HeadMessageId, stream_id AS RunningStreamId,
               revision AS Revision
        FROM session LEFT JOIN stream
            ON stream.tenant_id = session.tenant_id AND stream.session_id = session.session_id AND state IN (2, 3)
        WHERE session.tenant_id = @tenantId
        """;

    /// <summary>The query of one page; a test holds it to its index.</summary>
    public const string Page =
        $"""
        {Columns} AND (updated_at, session.session_id) < (@updatedAt, @sessionId)
        ORDER BY updated_at DESC, session.session_id DESC LIMIT @limit
        """;

    public static SessionRecord? Find(SqliteConnection connection, string tenantId, string sessionId) =>
        connection.QuerySingleOrDefault<SessionRow>(
            $"{Columns} AND session.session_id = @sessionId", new { tenantId, sessionId })
        ?.ToRecord();

    public static IReadOnlyDictionary<SessionKey, SessionVersion> Versions(
        SqliteConnection connection, IReadOnlyCollection<SessionKey> sessions)
    {
        var versions = new Dictionary<SessionKey, SessionVersion>();
        foreach (var key in sessions)
        {
            if (Find(connection, key.TenantId, key.SessionId) is { } found)
            {
                versions[key] = found.Version;
            }
        }

        return versions;
    }

    public static SessionPage List(SqliteConnection connection, string tenantId, SessionPlace? after, int limit)
    {
        var values = new
        {
            tenantId,
            updatedAt = after?.UpdatedAt.ToUnixTimeMilliseconds() ?? long.MaxValue,
            sessionId = after?.SessionId ?? "",
            limit = (long)limit + 1,
        };
        var rows = connection.Query<SessionRow>(Page, values).AsList();
        return new SessionPage([.. rows.Take(limit).Select(row => row.ToRecord())], HasMore: rows.Count > limit);
    }

    public static SessionRecord? Rename(
        SqliteConnection connection, string tenantId, string sessionId, string title, DateTimeOffset at)
    {
        using var entries = new SearchEntries(connection);
        entries.RemoveTitle(tenantId, sessionId);
        var renamed = connection.Execute(
            """
            UPDATE session SET title = @title, updated_at = max(updated_at, @at), revision = revision + 1
            WHERE tenant_id = @tenantId AND session_id = @sessionId
            """,
            new { tenantId, sessionId, title, at = at.ToUnixTimeMilliseconds() });
        if (renamed == 0)
        {
            return null;
        }

        entries.AddTitle(tenantId, sessionId);
        return Find(connection, tenantId, sessionId);
    }

    public static DeleteResult Delete(SqliteConnection connection, string tenantId, string sessionId)
    {
        var values = new { tenantId, sessionId };
        if (Find(connection, tenantId, sessionId) is null)
        {
            return new DeleteResult(DeleteOutcome.NotFound);
        }

        var open = connection.QueryFirstOrDefault<string>(
            """
            SELECT stream_id FROM stream
            WHERE tenant_id = @tenantId AND session_id = @sessionId AND state IN (1, 2, 3) ORDER BY state = 1
            """,
            values);
        if (open is not null)
        {
            return new DeleteResult(DeleteOutcome.SessionBusy, open);
        }

        using var entries = new SearchEntries(connection);
        entries.RemoveAll(tenantId, sessionId);
        _ = connection.Execute(
            """
            DELETE FROM stream_chunk WHERE stream_id IN (
                SELECT stream_id FROM stream WHERE tenant_id = @tenantId AND session_id = @sessionId);
            DELETE FROM turn_step WHERE stream_id IN (
                SELECT stream_id FROM stream WHERE tenant_id = @tenantId AND session_id = @sessionId);
            DELETE FROM stream WHERE tenant_id = @tenantId AND session_id = @sessionId;
            DELETE FROM message WHERE tenant_id = @tenantId AND session_id = @sessionId;
            DELETE FROM session WHERE tenant_id = @tenantId AND session_id = @sessionId;
            """,
            values);
        return new DeleteResult(DeleteOutcome.Deleted);
    }

    private sealed class SessionRow
    {
        public string SessionId { get; init; } = "";

        public string Title { get; init; } = "";

        public long CreatedAt { get; init; }

        public long UpdatedAt { get; init; }

        public string HeadMessageId { get; init; } = "";

        public string? RunningStreamId { get; init; }

        public long Revision { get; init; }

        public SessionRecord ToRecord() => new(
            SessionId,
            Title,
            DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
            HeadMessageId,
            RunningStreamId,
            Revision);
    }
}
