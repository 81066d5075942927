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
               last_seq AS LastSequence, continues_id AS ContinuesStreamId, has_log AS HasLog,
               created_at AS CreatedAt, request AS Request
        FROM stream
        """;

    // In the order in which they came: that of their answers.
    private const string InOrder =
        "ORDER BY (SELECT ordinal FROM message WHERE message.message_id = stream.message_id)";

    private const string EventsAfter =
        """
        SELECT body FROM stream_chunk
        WHERE stream_id = (SELECT stream_id FROM stream WHERE stream_id = @streamId AND tenant_id = @tenantId)
          AND seq_last > @afterSequence
        ORDER BY seq_first
        """;

    public const string StepsOfStream = $"{StepColumns} WHERE stream_id = $stream ORDER BY step";

    public const string DocumentsOfStream =
        $"{StepColumns} WHERE stream_id = $stream AND has_document = 1 ORDER BY step";

    private const string StepsOfTenant =
        $"""
        {StepColumns}
        WHERE stream_id = (SELECT stream_id FROM stream WHERE stream_id = $stream AND tenant_id = $tenant) ORDER BY step
        """;

    private const string StepColumns = "SELECT step, kind, state, body, attempts, waiting_since FROM turn_step";

    /// <summary>The query for logs whose time is over; a test holds it to its index.</summary>
    public const string Expired =
        "SELECT stream_id FROM stream WHERE has_log = 1 AND ended_at < @before ORDER BY ended_at LIMIT @limit";

    // What one reader is given to hold.
    private const int MaxEventBytes = 256 * 1024;

    public static StreamRecord? FindStream(SqliteConnection connection, string tenantId, string streamId) =>
        connection.QuerySingleOrDefault<StreamRow>(
            $"{StreamColumns} WHERE stream_id = @streamId AND tenant_id = @tenantId", new { tenantId, streamId })
        ?.ToRecord();

    public static StreamRecord? FindStreamOfRequest(SqliteConnection connection, string tenantId, string requestId) =>
        connection.QuerySingleOrDefault<StreamRow>(
            $"{StreamColumns} WHERE request_key = @requestId AND tenant_id = @tenantId", new { tenantId, requestId })
        ?.ToRecord();

    public static IReadOnlyList<StreamRecord> SessionStreams(
        SqliteConnection connection, string tenantId, string sessionId)
    {
        var ofSession = $"{StreamColumns} WHERE tenant_id = @tenantId AND session_id = @sessionId";
        var rows = connection
            .Query<StreamRow>($"{ofSession} AND state IN (1, 2, 3) {InOrder}", new { tenantId, sessionId })
            .AsList();
        if (rows.Count == 0)
        {
            rows = connection
                .Query<StreamRow>($"{ofSession} {InOrder} DESC LIMIT 1", new { tenantId, sessionId })
                .AsList();
        }

        return [.. rows.Select(row => row.ToRecord())];
    }

    // The folder's lock proves that whoever else owned them is dead.
    public static IReadOnlyList<StoredTurn> TakeOver(SqliteConnection connection, string incarnation)
    {
        var left = Turns(connection, "owner <> @incarnation", incarnation);
        _ = connection.Execute(
            """
            UPDATE stream SET owner = @incarnation, epoch = epoch + 1
            WHERE state IN (1, 2, 3) AND owner <> @incarnation
            """,
            new { incarnation });
        return [.. left.Select(turn => turn with { Stream = turn.Stream with { Epoch = turn.Stream.Epoch + 1 } })];
    }

    public static IReadOnlyList<StoredTurn> OpenTurns(SqliteConnection connection, string incarnation) =>
        Turns(connection, "owner = @incarnation", incarnation);

    public static IReadOnlyDictionary<string, StreamState> StatesAmong(
        SqliteConnection connection, string incarnation, IReadOnlyList<string> streams) =>
        connection.Query<(string StreamId, long State)>(
            """
            SELECT stream_id, state FROM stream
            WHERE state IN (1, 2, 3) AND owner = @incarnation AND stream_id IN @streams
            """,
            new { incarnation, streams }).ToDictionary(row => row.StreamId, row => (StreamState)row.State);

    private static List<StoredTurn> Turns(SqliteConnection connection, string owned, string incarnation) =>
    [
        .. connection
            .Query<StreamRow>($"{StreamColumns} WHERE state IN (1, 2, 3) AND {owned} {InOrder}", new { incarnation })
            .Select(row => new StoredTurn(row.ToRecord(), row.Request)),
    ];

    public static IReadOnlyList<TurnStep> Steps(SqliteConnection connection, string tenantId, string streamId)
    {
        using var statement = new Statement(connection, StepsOfTenant, "$stream", "$tenant");
        return ReadSteps(statement.Read(streamId, tenantId));
    }

    /// <param name="statement">Of <see cref="StepsOfStream"/>, or <see cref="DocumentsOfStream"/>.</param>
    public static IReadOnlyList<TurnStep> ReadSteps(Statement statement, string streamId) =>
        ReadSteps(statement.Read(streamId));

    private static List<TurnStep> ReadSteps(SqliteDataReader found)
    {
        var steps = new List<TurnStep>();
        using var rows = found;
        while (rows.Read())
        {
            steps.Add(
                new TurnStep(
                    rows.GetInt32(0),
                    (StepKind)rows.GetInt32(1),
                    (StreamState)rows.GetInt32(2),
                    [.. LengthPrefixed.Decode<StreamChatResponse>(rows.GetFieldValue<byte[]>(3))])
                {
                    Attempts = [.. LengthPrefixed.Decode<Attempt>(rows.GetFieldValue<byte[]>(4))],
                    WaitingSince =
                        rows.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(5)),
                });
        }

        return steps;
    }

    public static long Fence(SqliteConnection connection, string tenantId, string streamId, long epoch) =>
        connection.ExecuteScalar<long?>(
            """
            SELECT max(seq_last) FROM stream_chunk
            WHERE stream_id = (SELECT stream_id FROM stream WHERE stream_id = @streamId AND tenant_id = @tenantId)
              AND epoch <= @epoch
            """,
            new { tenantId, streamId, epoch })
        ?? 0;

    public static int ExpireLogs(SqliteConnection connection, DateTimeOffset endedBefore, int limit)
    {
        var expired = connection.Query<string>(
            Expired,
            new { before = endedBefore.ToUnixTimeMilliseconds(), limit }).AsList();
        foreach (var streamId in expired)
        {
            _ = connection.Execute(
                """
                DELETE FROM stream_chunk WHERE stream_id = @streamId;
                UPDATE stream SET has_log = 0, request_key = NULL, request = x'' WHERE stream_id = @streamId;
                """,
                new { streamId });
        }

        return expired.Count;
    }

    public static IReadOnlyList<StreamChatResponse> Events(
        SqliteConnection connection, string tenantId, string streamId, long afterSequence, int limit)
    {
        var events = new List<StreamChatResponse>();
        var chunks = connection.Query<byte[]>(EventsAfter, new { tenantId, streamId, afterSequence }, buffered: false);
        var bytes = 0;
        foreach (var chunk in chunks)
        {
            events.AddRange(LengthPrefixed.Decode<StreamChatResponse>(chunk).Where(e => e.Sequence > afterSequence));
            bytes += chunk.Length;
            if (events.Count >= limit || bytes >= MaxEventBytes)
            {
                break;
            }
        }

        return events;
    }

    public static IReadOnlyList<FollowedStream> Follow(
        SqliteConnection connection, IReadOnlyList<FollowedPlace> places)
    {
        // One state of the store for all of them: what a stream's row says is in its log.
        using var transaction = connection.BeginTransaction(deferred: true);
        var followed = new List<FollowedStream>();
        foreach (var (streamId, after) in places)
        {
            if (connection.QuerySingleOrDefault<StreamRow>(
                $"{StreamColumns} WHERE stream_id = @streamId", new { streamId })?.ToRecord() is { } stream)
            {
                var events = Events(connection, stream.TenantId, streamId, after, int.MaxValue);
                followed.Add(
                    new FollowedStream(streamId, stream.Epoch, stream.IsOpen, stream.LastSequence, events));
            }
        }

        return followed;
    }
}
