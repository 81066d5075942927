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
}
