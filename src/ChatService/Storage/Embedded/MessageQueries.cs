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

        var text = query.OfOpenTurns ? OfOpenTurns : query.NewestFirst ? NewestFirst : OldestFirst;
        using var steps = new Statement(connection, Queries.StepsOfStream, "$stream");
        using var statement = new Statement(connection, text, "$tenant", "$session", "$after", "$limit");
        var after = query.AfterOrdinal ?? (query.NewestFirst ? long.MaxValue : 0);
        using var rows = statement.Read(tenantId, sessionId, after, query.Limit + 1L);
        var messages = new List<ListedMessage>();
        for (var bytes = 0L; rows.Read();)
        {
            bytes += rows.GetInt64(0);
            if (messages.Count == query.Limit || (messages.Count > 0 && bytes > query.MaxBytes))
            {
                return new MessagePage(session, messages, HasMore: true);
            }

            messages.Add(Message(rows, steps));
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

        using var steps = new Statement(connection, Queries.StepsOfStream, "$stream");
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

            messages.Add(Message(rows, steps));
        }

        return new SessionChanges(session, messages, HasMore: false);
    }

    private static ListedMessage Message(SqliteDataReader row, Statement steps)
    {
        var message = new MessageRecord(
            row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            (MessageRole)row.GetInt32(5),
            row.GetString(6),
            [.. LengthPrefixed.Decode<Part>(row.GetFieldValue<byte[]>(13))],
            (StreamState)row.GetInt32(7))
        {
            Steps = (MessageRole)row.GetInt32(5) == MessageRole.Assistant
                ? Queries.ReadSteps(steps, row.GetString(4))
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
            row.GetInt64(12));
    }
}
