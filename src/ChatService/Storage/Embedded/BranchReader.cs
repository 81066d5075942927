using Chat.V1;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>
/// Reads conversations on a connection of its own, its query compiled once: every turn asks it before its model is
/// called. For one caller at a time.
/// </summary>
internal sealed class BranchReader : IDisposable
{
    private const string Upwards =
        """
        WITH RECURSIVE branch (message_id, parent_id, role, author, parts, status, stream_id, depth) AS (
            SELECT message_id, parent_id, role, author, parts, status, stream_id, 1 FROM message
            WHERE message_id = $message AND tenant_id = $tenant AND session_id = $session
            UNION ALL
            SELECT parent.message_id, parent.parent_id, parent.role, parent.author, parent.parts, parent.status,
                   parent.stream_id, depth + 1
            FROM message AS parent JOIN branch ON parent.message_id = branch.parent_id
            WHERE depth < $limit
        )
        SELECT message_id, parent_id, role, author, parts, status, stream_id,
               role = 2 AND EXISTS (
                   SELECT 1 FROM turn_step WHERE turn_step.stream_id = branch.stream_id AND has_document = 1)
        FROM branch ORDER BY depth DESC
        """;

    private readonly SqliteConnection _connection;
    private readonly Statement _upwards;
    private readonly Statement _steps;

    /// <param name="connection">Is the reader's from now on.</param>
    public BranchReader(SqliteConnection connection)
    {
        _connection = connection;
        _upwards = new Statement(connection, Upwards, "$message", "$tenant", "$session", "$limit");
        _steps = new Statement(connection, Queries.DocumentsOfStream, "$stream");
    }

    /// <summary>That message and those before it, at most so many, oldest first.</summary>
    public List<MessageRecord> Read(string tenantId, string sessionId, string messageId, int limit)
    {
        var branch = new List<MessageRecord>();
        using var rows = _upwards.Read(messageId, tenantId, sessionId, limit);
        while (rows.Read())
        {
            var message = new MessageRecord(
                rows.GetString(0),
                rows.IsDBNull(1) ? null : rows.GetString(1),
                (MessageRole)rows.GetInt32(2),
                rows.GetString(3),
                [.. LengthPrefixed.Decode<Part>(rows.GetFieldValue<byte[]>(4))],
                (StreamState)rows.GetInt32(5));
            var hasDocuments = rows.GetBoolean(7);
            branch.Add(hasDocuments ? message with { Steps = Queries.ReadSteps(_steps, rows.GetString(6)) } : message);
        }

        return branch;
    }

    public void Dispose()
    {
        _upwards.Dispose();
        _steps.Dispose();
        _connection.Dispose();
    }
}
