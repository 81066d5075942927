using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Which branch of a session is gone on with.</summary>
internal static class BranchQueries
{
    /// <summary>The newest message below one, or that one; a test holds it to its indexes.</summary>
    public const string NewestBelow =
        """
        WITH RECURSIVE below (message_id, ordinal) AS (
            SELECT message_id, ordinal FROM message
            WHERE message_id = @messageId AND tenant_id = @tenantId AND session_id = @sessionId
            UNION ALL
            SELECT child.message_id, child.ordinal
            FROM below JOIN message AS child ON child.parent_id = below.message_id
        )
        SELECT message_id FROM below ORDER BY ordinal DESC LIMIT 1
        """;

    public static BranchSelection Select(
        SqliteConnection connection, string tenantId, string sessionId, string messageId)
    {
        var head = connection.QuerySingleOrDefault<string>(NewestBelow, new { tenantId, sessionId, messageId });
        _ = connection.Execute(
            """
            UPDATE session SET head_id = @head, revision = revision + 1
            WHERE tenant_id = @tenantId AND session_id = @sessionId AND head_id <> @head
            """,
            new { tenantId, sessionId, head });
        return new BranchSelection(SessionQueries.Find(connection, tenantId, sessionId), head is not null);
    }
}
