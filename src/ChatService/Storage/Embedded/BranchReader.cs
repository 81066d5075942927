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
        WITH RECURSIVE branch (message_id, parent_id, role, author, parts, status, depth) AS (
            SELECT message_id, parent_id, role, author, parts, status, 1 FROM message
            WHERE message_id = $message AND tenant_id = $tenant AND session_id = $session
            UNION ALL
            SELECT parent.message_id, parent.parent_id, parent.role, parent.author, parent.parts, parent.status,
                   depth + 1
            FROM message AS parent JOIN branch ON parent.message_id = branch.parent_id
            WHERE depth < $limit
        )
        SELECT message_id, parent_id, role, author, parts, status FROM branch ORDER BY depth DESC
        """;

    private readonly SqliteConnection _connection;
    private readonly Statement _upwards;

    /// <param name="connection">Is the reader's from now on.</param>
    public BranchReader(SqliteConnection connection)
    {
        _connection = connection;
        _upwards = new Statement(connection, Upwards, "$message", "$tenant", "$session", "$limit");
    }

    /// <summary>That message and those before it, at most so many, oldest first.</summary>
    public List<MessageRecord> Read(string tenantId, string sessionId, string messageId, int limit)
    {
        var branch = new List<MessageRecord>();
        using var rows = _upwards.Read(messageId, tenantId, sessionId, limit);
        while (rows.Read())
        {
            branch.Add(new MessageRecord(
                rows.GetString(0),
                rows.IsDBNull(1) ? null : rows.GetString(1),
                (MessageRole)rows.GetInt32(2),
                rows.GetString(3),
                [.. LengthPrefixed.Decode<Part>(rows.GetFieldValue<byte[]>(4))],
                (StreamState)rows.GetInt32(5)));
        }

        return branch;
    }

    public void Dispose()
    {
        _upwards.Dispose();
        _connection.Dispose();
    }
}
