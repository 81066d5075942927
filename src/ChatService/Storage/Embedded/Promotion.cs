using Chat.V1;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Lets queued turns run: the first of its session, if none runs there.</summary>
internal sealed class Promotion(SqliteConnection connection) : IDisposable
{
    // The index of open turns is found by its own condition only; a test holds these two to it.
    public const string Next =
        """
        SELECT waiting.stream_id
        FROM stream AS ended
        JOIN stream AS waiting ON waiting.tenant_id = ended.tenant_id AND waiting.session_id = ended.session_id
        JOIN message ON message.message_id = waiting.message_id
        WHERE ended.stream_id = $ended AND waiting.state IN (1, 2, 3) AND waiting.state = 1 AND NOT EXISTS (
            SELECT 1 FROM stream AS running
            WHERE running.tenant_id = ended.tenant_id AND running.session_id = ended.session_id
              AND running.state IN (2, 3))
        ORDER BY message.ordinal LIMIT 1
        """;

    public const string AnyIdle =
        """
        SELECT stream_id FROM stream AS waiting WHERE state IN (1, 2, 3) AND state = 1 AND NOT EXISTS (
            SELECT 1 FROM stream AS running
            WHERE running.tenant_id = waiting.tenant_id AND running.session_id = waiting.session_id
              AND running.state IN (2, 3))
        LIMIT 1
        """;

    private readonly Statement _next = new(connection, Next, "$ended");

    private readonly Statement _anyIdle = new(connection, AnyIdle);

    private readonly Statement _promote = new(
        connection, "UPDATE stream SET state = 2 WHERE stream_id = $stream", "$stream");

    private readonly AnswerState _answer = new(connection);

    /// <summary>The turn that runs now in the session of one that has ended; null: none waits, or one runs.</summary>
    public string? PromoteAfter(string endedStreamId)
    {
        var next = _next.Find(endedStreamId);
        if (next is not null)
        {
            _ = _promote.Run(next);
            _answer.Show(next, StreamState.Running);
        }

        return next;
    }

    /// <summary>One turn in each session where turns wait and none runs.</summary>
    public void PromoteIdle()
    {
        while (_anyIdle.Find() is { } waiting)
        {
            _ = PromoteAfter(waiting);
        }
    }

    public void Dispose()
    {
        _next.Dispose();
        _anyIdle.Dispose();
        _promote.Dispose();
        _answer.Dispose();
    }
}
