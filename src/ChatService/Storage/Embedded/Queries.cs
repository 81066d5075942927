using Chat.V1;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

internal static class Queries
{
    private const string StreamColumns =
        """
        SELECT stream_id AS StreamId, tenant_id AS TenantId, session_id AS SessionId,
               user_message_id AS UserMessageId, message_id AS MessageId, model AS Model,
               resolved_model AS ResolvedModel, provider AS Provider, epoch AS Epoch, state AS State,
               last_seq AS LastSequence, created_at AS CreatedAt
        FROM stream
        """;

    private const string EventsAfter =
        """
        SELECT body FROM stream_chunk WHERE stream_id = @streamId AND seq_last > @afterSequence
        ORDER BY seq_first
        """;

    private const string BranchUpwards =
        """
        WITH RECURSIVE branch (message_id, parent_id, role, author, parts, status, depth) AS (
            SELECT message_id, parent_id, role, author, parts, status, 1 FROM message
            WHERE message_id = @messageId AND tenant_id = @tenantId AND session_id = @sessionId
            UNION ALL
            SELECT parent.message_id, parent.parent_id, parent.role, parent.author, parent.parts, parent.status,
                   depth + 1
            FROM message AS parent JOIN branch ON parent.message_id = branch.parent_id
            WHERE depth < @limit
        )
        SELECT message_id AS MessageId, parent_id AS ParentId, role AS Role, author AS Author, parts AS Parts,
               status AS Status
        FROM branch ORDER BY depth DESC
        """;

    public static StreamRecord? FindStream(SqliteConnection connection, string tenantId, string streamId) =>
        connection.QuerySingleOrDefault<StreamRow>(
            $"{StreamColumns} WHERE stream_id = @streamId AND tenant_id = @tenantId", new { tenantId, streamId })
        ?.ToRecord();

    public static IReadOnlyList<StreamRecord> RunningStreams(SqliteConnection connection) =>
    [
        .. connection
            .Query<StreamRow>($"{StreamColumns} WHERE state IN (2, 3) ORDER BY stream_id")
            .Select(row => row.ToRecord()),
    ];

    public static IReadOnlyList<StreamChatResponse> Events(
        SqliteConnection connection, string streamId, long afterSequence, int limit)
    {
        var events = new List<StreamChatResponse>();
        var chunks = connection.Query<byte[]>(EventsAfter, new { streamId, afterSequence }, buffered: false);
        foreach (var chunk in chunks)
        {
            events.AddRange(LengthPrefixed.Decode<StreamChatResponse>(chunk).Where(e => e.Sequence > afterSequence));
            if (events.Count >= limit)
            {
                break;
            }
        }

        return events;
    }

    public static IReadOnlyList<MessageRecord> Branch(
        SqliteConnection connection, string tenantId, string sessionId, string messageId, int limit) =>
    [
        .. connection
            .Query<MessageRow>(BranchUpwards, new { tenantId, sessionId, messageId, limit })
            .Select(row => row.ToRecord()),
    ];

    private sealed class StreamRow
    {
        public string StreamId { get; init; } = "";

        public string TenantId { get; init; } = "";

        public string SessionId { get; init; } = "";

        public string UserMessageId { get; init; } = "";

        public string MessageId { get; init; } = "";

        public string Model { get; init; } = "";

        public string ResolvedModel { get; init; } = "";

        public string Provider { get; init; } = "";

        public long Epoch { get; init; }

        public long State { get; init; }

        public long LastSequence { get; init; }

        public long CreatedAt { get; init; }

        public StreamRecord ToRecord() => new()
        {
            StreamId = StreamId,
            TenantId = TenantId,
            SessionId = SessionId,
            UserMessageId = UserMessageId,
            MessageId = MessageId,
            Model = Model,
            ResolvedModel = ResolvedModel,
            Provider = Provider,
            Epoch = Epoch,
            State = (StreamState)State,
            LastSequence = LastSequence,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        };
    }

    private sealed class MessageRow
    {
        public string MessageId { get; init; } = "";

        public string? ParentId { get; init; }

        public long Role { get; init; }

        public string Author { get; init; } = "";

        public byte[] Parts { get; init; } = [];

        public long Status { get; init; }

        public MessageRecord ToRecord() => new(
            MessageId, ParentId, (MessageRole)Role, Author, [.. LengthPrefixed.Decode<Part>(Parts)],
            (StreamState)Status);
    }
}
