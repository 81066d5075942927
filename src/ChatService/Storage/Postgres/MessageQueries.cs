using Chat.V1;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Reads pages of a session's messages together with the session: one statement, so one state of the store. Where a
/// page ends is decided by sizes alone; what is behind it is never read.
/// </summary>
internal static class MessageQueries
{
    public static readonly RequestSql OldestFirst =
        Page($"{OfSession} AND ordinal > $3", "ordinal", ByBytes, Limit, Siblings);

    public static readonly RequestSql NewestFirst =
        Page($"{OfSession} AND ordinal < $3", "ordinal DESC", ByBytes, Limit, Siblings);

    public static readonly RequestSql BranchOldestFirst =
        Page($"{OfBranch} AND ordinal > $3", "ordinal", ByBytes, Limit, Siblings);

    public static readonly RequestSql BranchNewestFirst =
        Page($"{OfBranch} AND ordinal < $3", "ordinal DESC", ByBytes, Limit, Siblings);

    private static readonly RequestSql OldestFirstAlone =
        Page($"{OfSession} AND ordinal > $3", "ordinal", ByBytes, Limit, NoSiblings);

    private static readonly RequestSql NewestFirstAlone =
        Page($"{OfSession} AND ordinal < $3", "ordinal DESC", ByBytes, Limit, NoSiblings);

    private static readonly RequestSql BranchOldestFirstAlone =
        Page($"{OfBranch} AND ordinal > $3", "ordinal", ByBytes, Limit, NoSiblings);

    private static readonly RequestSql BranchNewestFirstAlone =
        Page($"{OfBranch} AND ordinal < $3", "ordinal DESC", ByBytes, Limit, NoSiblings);

    // By their keys: a session has few open turns, and may have a long past.
    public static readonly RequestSql OfOpenTurns = Page(
        $"""
        {OfSession} AND ordinal > $3 AND message_id = ANY (ARRAY(
            SELECT message_id FROM stream WHERE tenant_id = $1 AND session_id = $2 AND state IN (1, 2, 3)
            UNION ALL
            SELECT user_message_id FROM stream WHERE tenant_id = $1 AND session_id = $2 AND state IN (1, 2, 3)))
        """,
        "ordinal", ByBytes, Limit, Siblings);

    // Ends on a revision, because a watcher goes on after one.
    public static readonly RequestSql ByChange = Page(
        $"{OfSession} AND revision > $3", "revision, ordinal",
        "revision <= coalesce(max(revision) FILTER (WHERE total <= $4) OVER (), min(revision) OVER ())", "",
        Siblings);

    private const string OfBranch =
        $"""
        {OfSession} AND message_id = ANY (ARRAY(
            WITH RECURSIVE branch (message_id, parent_id) AS (
                SELECT message_id, parent_id FROM message
                WHERE tenant_id = $1 AND session_id = $2 AND message_id = $6
                UNION ALL
                SELECT above.message_id, above.parent_id
                FROM branch JOIN message AS above ON above.message_id = branch.parent_id AND above.tenant_id = $1)
            SELECT message_id FROM branch))
        """;

    private const string OfSession = "message.tenant_id = $1 AND message.session_id = $2";

    // A page has at least one message of whatever size.
    private const string ByBytes = "number < $5 AND (number = 1 OR total <= $4)";

    private const string Limit = "LIMIT $5";

    // Of a watcher that was away for long.
    private const long MaxChangedBytes = 1024 * 1024;

    private const string AtTop = "other.tenant_id = $1 AND other.session_id = $2 AND other.parent_id IS NULL";

    private const string Below = "other.tenant_id = $1 AND other.parent_id = message.parent_id";

    private const string NoSiblings = "'{}'::text[]";

    // MessageQuery.SiblingsEachSide of them.
    private const string Siblings =
        $"""
        CASE WHEN parent_id IS NULL THEN ARRAY(
            SELECT message_id FROM (
                (SELECT message_id, ordinal FROM message AS other
                 WHERE {AtTop} AND other.ordinal <= message.ordinal ORDER BY other.ordinal DESC LIMIT 100)
                UNION ALL
                (SELECT message_id, ordinal FROM message AS other
                 WHERE {AtTop} AND other.ordinal > message.ordinal ORDER BY other.ordinal LIMIT 100)) AS near
            ORDER BY ordinal)
        ELSE ARRAY(
            SELECT message_id FROM (
                (SELECT message_id, ordinal FROM message AS other
                 WHERE {Below} AND other.ordinal <= message.ordinal ORDER BY other.ordinal DESC LIMIT 100)
                UNION ALL
                (SELECT message_id, ordinal FROM message AS other
                 WHERE {Below} AND other.ordinal > message.ordinal ORDER BY other.ordinal LIMIT 100)) AS near
            ORDER BY ordinal)
        END
        """;

    // The session's seven come before these, the steps' six behind.
    private const int FirstOfMessage = 7;
    private const int FirstOfSteps = FirstOfMessage + 15;

    public static RequestSql Of(MessageQuery query) => query switch
    {
        { OfOpenTurns: true } => OfOpenTurns,
        { WithSiblings: false, BranchMessageId.Length: > 0, NewestFirst: true } => BranchNewestFirstAlone,
        { WithSiblings: false, BranchMessageId.Length: > 0 } => BranchOldestFirstAlone,
        { WithSiblings: false, NewestFirst: true } => NewestFirstAlone,
        { WithSiblings: false } => OldestFirstAlone,
        { BranchMessageId.Length: > 0, NewestFirst: true } => BranchNewestFirst,
        { BranchMessageId.Length: > 0 } => BranchOldestFirst,
        { NewestFirst: true } => NewestFirst,
        _ => OldestFirst,
    };

    public static void Bind(NpgsqlParameterCollection parameters, string sessionId, MessageQuery query)
    {
        _ = parameters
            .Give(sessionId)
            .Give(query.AfterOrdinal ?? (query.NewestFirst ? long.MaxValue : 0))
            .Give((decimal)query.MaxBytes)
            .Give(query.Limit + 1L);
        if (query is { OfOpenTurns: false, BranchMessageId.Length: > 0 })
        {
            _ = parameters.Give(query.BranchMessageId);
        }
    }

    public static void BindChanges(NpgsqlParameterCollection parameters, string sessionId, long afterRevision) =>
        parameters.Give(sessionId).Give(afterRevision).Give((decimal)MaxChangedBytes);

    public static async Task<MessagePage?> ReadPageAsync(NpgsqlDataReader rows) =>
        await ReadAsync(rows) is var (session, messages, hasMore) ? new MessagePage(session, messages, hasMore) : null;

    public static async Task<SessionChanges?> ReadChangesAsync(NpgsqlDataReader rows) =>
        await ReadAsync(rows) is var (session, messages, hasMore)
            ? new SessionChanges(session, messages, hasMore)
            : null;

    // Sizes first, from where the values begin; the values of those that belong to the page then, and of the first that
    // does not no more than that it is there.
    private static RequestSql Page(
        string which, string order, string belongs, string limit, string siblings) => new(
        $"""
        WITH sized AS (
            SELECT message_id, revision, siblings,
                   sum(octet_length(parts) + octet_length(reasoning) + 36 * cardinality(siblings)
                       + CASE WHEN role <> 2 THEN 0 ELSE coalesce(
                           (SELECT sum(octet_length(body)) FROM turn_step
                            WHERE turn_step.stream_id = message.stream_id), 0) END)
                       OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) AS total,
                   row_number() OVER (ORDER BY {order}) AS number
            FROM (
                SELECT *, {siblings} AS siblings
                FROM message WHERE {which} ORDER BY {order} {limit}) AS message),
        judged AS (SELECT message_id, number, siblings, {belongs} AS belongs FROM sized),
        page AS (SELECT * FROM judged WHERE number <= 1 + (SELECT count(*) FROM judged WHERE belongs))
        SELECT {SessionQueries.ColumnList}, page.belongs, message.message_id, message.ordinal, message.parent_id,
               message.stream_id, message.role, message.author, message.status, message.created_at, message.usage,
               CASE WHEN page.belongs THEN message.reasoning END, message.finish_reason, message.revision,
               CASE WHEN page.belongs THEN message.parts END, page.siblings, steps.*
        FROM session {SessionQueries.WithRunning}
        LEFT JOIN page ON true
        LEFT JOIN message ON message.message_id = page.message_id
        LEFT JOIN LATERAL (
            SELECT {StepQueries.Arrays} FROM turn_step
            WHERE page.belongs AND message.role = 2 AND turn_step.stream_id = message.stream_id) AS steps ON true
        WHERE session.tenant_id = $1 AND session.session_id = $2
        ORDER BY page.number
        """);

    private static async Task<(SessionRecord Session, List<ListedMessage> Messages, bool HasMore)?> ReadAsync(
        NpgsqlDataReader rows)
    {
        SessionRecord? session = null;
        var messages = new List<ListedMessage>();
        var hasMore = false;
        while (await rows.ReadAsync())
        {
            session ??= SessionQueries.Record(rows);
            if (!rows.IsDBNull(FirstOfMessage))
            {
                hasMore = !rows.GetBoolean(FirstOfMessage);
                if (!hasMore)
                {
                    messages.Add(Message(rows));
                }
            }
        }

        return session is null ? null : (session, messages, hasMore);
    }

    private static ListedMessage Message(NpgsqlDataReader row)
    {
        var message = new MessageRecord(
            row.GetString(FirstOfMessage + 1),
            row.GetText(FirstOfMessage + 3),
            (MessageRole)row.GetInt32(FirstOfMessage + 5),
            row.GetString(FirstOfMessage + 6),
            row.GetMessages<Part>(FirstOfMessage + 13),
            (StreamState)row.GetInt32(FirstOfMessage + 7))
        {
            Steps = StepQueries.Read(row, FirstOfSteps),
        };
        return new ListedMessage(
            message,
            row.GetInt64(FirstOfMessage + 2),
            row.GetString(FirstOfMessage + 10),
            row.GetString(FirstOfMessage + 4),
            row.GetTime(FirstOfMessage + 8),
            row.IsDBNull(FirstOfMessage + 9)
                ? null
                : Usage.Parser.ParseFrom(row.GetFieldValue<byte[]>(FirstOfMessage + 9)),
            (FinishReason)row.GetInt32(FirstOfMessage + 11),
            row.GetInt64(FirstOfMessage + 12))
        {
            SiblingIds = row.GetFieldValue<string[]>(FirstOfMessage + 14) is { Length: > 1 } siblings ? siblings : [],
        };
    }
}
