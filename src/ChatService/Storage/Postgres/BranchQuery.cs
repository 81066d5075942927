using Chat.V1;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Reads a conversation upwards from a message; every turn asks it before its model is called. Each message is read
/// once, by its key: a second look at the table would be planned as a walk through all of it while it is small.
/// </summary>
internal static class BranchQuery
{
    public static readonly RequestSql Upwards = new(
        $"""
        WITH RECURSIVE branch (message_id, parent_id, role, author, parts, status, stream_id, depth) AS (
            SELECT message_id, parent_id, role, author, parts, status, stream_id, 1 FROM message
            WHERE tenant_id = $1 AND session_id = $2 AND message_id = $3
            UNION ALL
            SELECT above.message_id, above.parent_id, above.role, above.author, above.parts, above.status,
                   above.stream_id, depth + 1
            FROM branch JOIN message AS above ON above.message_id = branch.parent_id
            WHERE above.tenant_id = $1 AND depth < $4)
        SELECT message_id, parent_id, role, author, parts, status, steps.*
        FROM branch LEFT JOIN LATERAL (
            SELECT {StepQueries.Arrays} FROM turn_step
            WHERE role = 2 AND turn_step.stream_id = branch.stream_id AND has_document) AS steps ON true
        ORDER BY depth DESC
        """);

    public static async Task<IReadOnlyList<MessageRecord>> ReadAsync(NpgsqlDataReader rows)
    {
        var branch = new List<MessageRecord>();
        while (await rows.ReadAsync())
        {
            branch.Add(
                new MessageRecord(
                    rows.GetString(0),
                    rows.GetText(1),
                    (MessageRole)rows.GetInt32(2),
                    rows.GetString(3),
                    rows.GetMessages<Part>(4),
                    (StreamState)rows.GetInt32(5))
                {
                    Steps = StepQueries.Read(rows, 6),
                });
        }

        return branch;
    }
}
