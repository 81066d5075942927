using Chat.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Writes events and closings.</summary>
internal sealed class TurnCommit(SqliteConnection connection) : IDisposable
{
    private readonly Statement _advance = new(
        connection,
        """
        UPDATE stream SET last_seq = $last, epoch = $newEpoch, state = coalesce($state, state), ended_at = $ended
        WHERE stream_id = $stream AND epoch = $epoch AND state IN (1, 2, 3) AND last_seq = $first - 1
        """,
        "$stream", "$epoch", "$newEpoch", "$first", "$last", "$state", "$ended");

    private readonly Statement _insertChunk = new(
        connection,
        "INSERT INTO stream_chunk (stream_id, seq_first, seq_last, epoch, body) "
        + "VALUES ($stream, $first, $last, $newEpoch, $body)",
        "$stream", "$first", "$last", "$newEpoch", "$body");

    private readonly Statement _putStep = new(
        connection,
        """
        INSERT INTO turn_step (stream_id, step, kind, state, body, attempts, waiting_since, has_document)
        VALUES ($stream, $step, $kind, $state, $body, $attempts, $since, $document)
        ON CONFLICT DO UPDATE
        SET state = excluded.state, body = excluded.body, waiting_since = excluded.waiting_since,
            has_document = excluded.has_document
        """,
        "$stream", "$step", "$kind", "$state", "$body", "$attempts", "$since", "$document");

    private readonly Statement _touchSession = new(
        connection,
        """
        UPDATE session SET updated_at = max(updated_at, $ended), revision = revision + 1
        WHERE (tenant_id, session_id) = (SELECT tenant_id, session_id FROM stream WHERE stream_id = $stream)
        """,
        "$ended", "$stream");

    private readonly Statement _closeMessage = new(
        connection,
        """
        UPDATE message
        SET parts = $parts, reasoning = $reasoning, status = $status, usage = $usage, finish_reason = $finish,
            revision = (SELECT revision FROM session
                        WHERE session.tenant_id = message.tenant_id AND session.session_id = message.session_id)
        WHERE message_id = (SELECT message_id FROM stream WHERE stream_id = $stream)
        """,
        "$parts", "$reasoning", "$status", "$usage", "$finish", "$stream");

    private readonly AnswerState _answer = new(connection);
    private readonly Promotion _promotion = new(connection);
    private readonly SearchEntries _entries = new(connection);

    public List<WriteResult> Execute(IReadOnlyList<TurnWrite> writes)
    {
        var results = new List<WriteResult>(writes.Count);
        foreach (var write in writes)
        {
            results.Add(ExecuteOne(write));
        }

        return results;
    }

    public void Dispose()
    {
        _advance.Dispose();
        _insertChunk.Dispose();
        _putStep.Dispose();
        _answer.Dispose();
        _closeMessage.Dispose();
        _touchSession.Dispose();
        _promotion.Dispose();
        _entries.Dispose();
    }

    private WriteResult ExecuteOne(TurnWrite write)
    {
        var closing = write.Closing;
        var advanced = _advance.Run(
            write.StreamId, write.Epoch, write.NewEpoch, write.FirstSequence, write.LastSequence,
            (long?)(closing?.State ?? write.State), closing?.EndedAt.ToUnixTimeMilliseconds());
        if (advanced == 0)
        {
            return new WriteResult(WriteOutcome.Fenced);
        }

        _ = _insertChunk.Run(
            write.StreamId, write.FirstSequence, write.LastSequence, write.NewEpoch,
            LengthPrefixed.Encode(write.Events));
        foreach (var step in write.Steps)
        {
            _ = _putStep.Run(
                write.StreamId, step.Number, (int)step.Kind, (int)step.State, LengthPrefixed.Encode(step.Events),
                LengthPrefixed.Encode(step.Attempts), step.WaitingSince?.ToUnixTimeMilliseconds(),
                step.HasDocument ? 1 : 0);
        }

        if (closing is null)
        {
            if (write.State is { } state)
            {
                _answer.Show(write.StreamId, state);
            }

            return new WriteResult(WriteOutcome.Committed);
        }

        Close(write.StreamId, closing);
        return new WriteResult(
            WriteOutcome.Committed, closing.PromotesNext ? _promotion.PromoteAfter(write.StreamId) : null);
    }

    private void Close(string streamId, TurnClosing closing)
    {
        _ = _touchSession.Run(closing.EndedAt.ToUnixTimeMilliseconds(), streamId);
        _ = _closeMessage.Run(
            LengthPrefixed.Encode(closing.Parts), closing.Reasoning, (int)closing.State, closing.Usage.ToByteArray(),
            (int)closing.FinishReason, streamId);
        _entries.AddTurn(streamId);
    }
}
