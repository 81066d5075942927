using Chat.V1;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

internal static class MessageQueries
{
    public const string OldestFirst = $"{OfSession} AND ordinal > $after ORDER BY ordinal LIMIT $limit";
    public const string NewestFirst = $"{OfSession} AND ordinal < $after ORDER BY ordinal DESC LIMIT $limit";
    public const string ByChange = $"{OfSession} AND revision > $after ORDER BY revision, ordinal";

    // By their keys: a session has few open turns, and may have a long past.
    public const string OfOpenTurns =
        $"""
        {Columns} WHERE message_id IN (
            SELECT message_id FROM stream WHERE tenant_id = $tenant AND session_id = $session AND state IN (1, 2, 3)
            UNION ALL
            SELECT user_message_id FROM stream
            WHERE tenant_id = $tenant AND session_id = $session AND state IN (1, 2, 3))
        AND ordinal > $after ORDER BY ordinal LIMIT $limit
        """;

    public const string OfBranch =
        $"""
        WITH RECURSIVE branch (branch_id, above_id) AS (
            SELECT message_id, parent_id FROM message
            WHERE message_id = $branch AND tenant_id = $tenant AND session_id = $session
            UNION ALL
            SELECT above.message_id, above.parent_id FROM message AS above JOIN branch ON above.message_id = above_id
        )
        {Columns} JOIN branch ON message_id = branch_id
        """;

    public const string SiblingsBelow =
        """
        SELECT message_id FROM (
            SELECT * FROM (SELECT message_id, ordinal FROM message
                           WHERE parent_id = $parent AND ordinal <= $ordinal ORDER BY ordinal DESC LIMIT $side)
            UNION ALL
            SELECT * FROM (SELECT message_id, ordinal FROM message
                           WHERE parent_id = $parent AND ordinal > $ordinal ORDER BY ordinal LIMIT $side))
        ORDER BY ordinal
        """;

    public const string SiblingsAtTop =
        $"""
        SELECT message_id FROM (
            SELECT * FROM (SELECT message_id, ordinal FROM message
                           WHERE {AtTop} AND ordinal <= $ordinal ORDER BY ordinal DESC LIMIT $side)
            UNION ALL
            SELECT * FROM (SELECT message_id, ordinal FROM message
                           WHERE {AtTop} AND ordinal > $ordinal ORDER BY ordinal LIMIT $side))
        ORDER BY ordinal
        """;

    private const string AtTop = "tenant_id = $tenant AND session_id = $session AND parent_id IS NULL";

    private const string OfSession = $"{Columns} WHERE tenant_id = $tenant AND session_id = $session";

    // Of a watcher that was away for long; ends on a revision, because a watcher goes on after one.
    private const long MaxChangedBytes = 1024 * 1024;

    // The size comes first: it tells whether the content still goes into the page, without reading it.
    private const string Columns =
        """
        SELECT length(parts) + length(CAST(reasoning AS BLOB)) + coalesce(
                   (SELECT sum(length(body)) FROM turn_step
                    WHERE role = 2 AND turn_step.stream_id = message.stream_id), 0),
               ordinal, message_id, parent_id, stream_id, role, author, status, created_at, usage, reasoning,
               finish_reason, revision, parts
        FROM message
        """;

    public static MessagePage? List(
        SqliteConnection connection, string tenantId, string sessionId, MessageQuery query)
    {
        // One state of the store for both questions.
        using var transaction = connection.BeginTransaction(deferred: true);
        if (SessionQueries.Find(connection, tenantId, sessionId) is not { } session)
        {
            return null;
        }

        using var parts = new MessageParts(connection, tenantId, sessionId, query.WithSiblings);
        using var statement = new Statement(
            connection, TextOf(query), "$tenant", "$session", "$after", "$limit", "$branch");
        var after = query.AfterOrdinal ?? (query.NewestFirst ? long.MaxValue : 0);
        using var rows = statement.Read(tenantId, sessionId, after, query.Limit + 1L, query.BranchMessageId);
        var messages = new List<ListedMessage>();
        for (var bytes = 0L; rows.Read();)
        {
            bytes += rows.GetInt64(0);
            if (messages.Count == query.Limit || (messages.Count > 0 && bytes > query.MaxBytes))
            {
                return new MessagePage(session, messages, HasMore: true);
            }

            messages.Add(Message(rows, parts));
            bytes += messages[^1].SiblingIds.Sum(id => id.Length);
        }

        return new MessagePage(session, messages, HasMore: false);
    }

    public static SessionChanges? Changes(
        SqliteConnection connection, string tenantId, string sessionId, long afterRevision)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        if (SessionQueries.Find(connection, tenantId, sessionId) is not { } session)
        {
            return null;
        }

        using var parts = new MessageParts(connection, tenantId, sessionId, withSiblings: true);
        using var statement = new Statement(connection, ByChange, "$tenant", "$session", "$after");
        using var rows = statement.Read(tenantId, sessionId, afterRevision);
        var messages = new List<ListedMessage>();
        for (var bytes = 0L; rows.Read();)
        {
            bytes += rows.GetInt64(0);
            if (messages.Count > 0 && bytes > MaxChangedBytes && rows.GetInt64(12) > messages[^1].Revision)
            {
                return new SessionChanges(session, messages, HasMore: true);
            }

            messages.Add(Message(rows, parts));
            bytes += messages[^1].SiblingIds.Sum(id => id.Length);
        }

        return new SessionChanges(session, messages, HasMore: false);
    }

    private static string TextOf(MessageQuery query) => query switch
    {
        { OfOpenTurns: true } => OfOpenTurns,
        { BranchMessageId.Length: > 0, NewestFirst: true } =>
            $"{OfBranch} WHERE ordinal < $after ORDER BY ordinal DESC LIMIT $limit",
        { BranchMessageId.Length: > 0 } => $"{OfBranch} WHERE ordinal > $after ORDER BY ordinal LIMIT $limit",
        { NewestFirst: true } => NewestFirst,
        _ => OldestFirst,
    };

    private static ListedMessage Message(SqliteDataReader row, MessageParts parts)
    {
        var parentId = row.IsDBNull(3) ? null : row.GetString(3);
        var message = new MessageRecord(
            row.GetString(2),
            parentId,
            (MessageRole)row.GetInt32(5),
            row.GetString(6),
            [.. LengthPrefixed.Decode<Part>(row.GetFieldValue<byte[]>(13))],
            (StreamState)row.GetInt32(7))
        {
            Steps = (MessageRole)row.GetInt32(5) == MessageRole.Assistant
                ? parts.StepsOf(row.GetString(4))
                : [],
        };
        return new ListedMessage(
            message,
            row.GetInt64(1),
            row.GetString(10),
            row.GetString(4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
            row.IsDBNull(9) ? null : Usage.Parser.ParseFrom(row.GetFieldValue<byte[]>(9)),
            (FinishReason)row.GetInt32(11),
            row.GetInt64(12))
        {
            SiblingIds = parts.SiblingsOf(parentId, row.GetInt64(1)),
        };
    }
}
