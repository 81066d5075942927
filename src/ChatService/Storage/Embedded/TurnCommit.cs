using Chat.V1;
using Dapper;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Writes events and closings. Its two statements of every token are prepared once.</summary>
internal sealed class TurnCommit : IDisposable
{
    private const string Advance =
        """
        UPDATE stream SET last_seq = $last, epoch = $newEpoch, state = coalesce($state, state), ended_at = $ended
        WHERE stream_id = $stream AND epoch = $epoch AND state IN (2, 3) AND last_seq = $first - 1
        """;

    private const string InsertChunk =
        "INSERT INTO stream_chunk (stream_id, seq_first, seq_last, epoch, body) "
        + "VALUES ($stream, $first, $last, $newEpoch, $body)";

    private const string CloseMessage =
        """
        UPDATE message SET parts = @Parts, reasoning = @Reasoning, status = @Status, usage = @Usage
        WHERE message_id = (SELECT message_id FROM stream WHERE stream_id = @StreamId)
        """;

    private const string TouchSession =
        """
        UPDATE session SET updated_at = @EndedAt
        WHERE (tenant_id, session_id) = (SELECT tenant_id, session_id FROM stream WHERE stream_id = @StreamId)
        """;

    private readonly SqliteCommand _advance;
    private readonly SqliteCommand _insertChunk;

    public TurnCommit(SqliteConnection connection)
    {
        _advance = Prepare(
            connection, Advance, "$stream", "$epoch", "$newEpoch", "$first", "$last", "$state", "$ended");
        _insertChunk = Prepare(connection, InsertChunk, "$stream", "$first", "$last", "$newEpoch", "$body");
    }

    public List<WriteOutcome> Execute(SqliteConnection connection, IReadOnlyList<TurnWrite> writes)
    {
        var outcomes = new List<WriteOutcome>(writes.Count);
        foreach (var write in writes)
        {
            outcomes.Add(ExecuteOne(connection, write));
        }

        return outcomes;
    }

    public void Dispose()
    {
        _advance.Dispose();
        _insertChunk.Dispose();
    }

    private WriteOutcome ExecuteOne(SqliteConnection connection, TurnWrite write)
    {
        var closing = write.Closing;
        var advanced = Run(
            _advance, write.StreamId, write.Epoch, write.NewEpoch, write.FirstSequence, write.LastSequence,
            closing is null ? DBNull.Value : (long)closing.State,
            closing is null ? DBNull.Value : closing.EndedAt.ToUnixTimeMilliseconds());
        if (advanced == 0)
        {
            return WriteOutcome.Fenced;
        }

        _ = Run(
            _insertChunk, write.StreamId, write.FirstSequence, write.LastSequence, write.NewEpoch,
            LengthPrefixed.Encode(write.Events));
        if (closing is not null)
        {
            Close(connection, write.StreamId, closing);
        }

        return WriteOutcome.Committed;
    }

    private static void Close(SqliteConnection connection, string streamId, TurnClosing closing)
    {
        connection.Execute(CloseMessage, new
        {
            StreamId = streamId,
            Parts = LengthPrefixed.Encode(closing.Parts),
            closing.Reasoning,
            Status = (int)closing.State,
            Usage = closing.Usage.ToByteArray(),
        });
        connection.Execute(
            TouchSession, new { StreamId = streamId, EndedAt = closing.EndedAt.ToUnixTimeMilliseconds() });
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private static int Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command.ExecuteNonQuery();
    }
}
