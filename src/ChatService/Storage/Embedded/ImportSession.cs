using Chat.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Writes a session as a whole.</summary>
internal sealed class ImportSession(SqliteConnection connection) : IDisposable
{
    private const string Begin = "SAVEPOINT import";
    private const string Undo = "ROLLBACK TO import";
    private const string End = "RELEASE import";

    private readonly Statement _begin = new(connection, Begin);
    private readonly Statement _undo = new(connection, Undo);
    private readonly Statement _end = new(connection, End);

    private readonly Statement _session = new(
        connection,
        """
        INSERT INTO session (tenant_id, session_id, head_id, title, created_at, updated_at)
        VALUES ($tenant, $session, $head, $title, $created, $updated) ON CONFLICT DO NOTHING
        """,
        "$tenant", "$session", "$head", "$title", "$created", "$updated");

    private readonly Statement _message = new(
        connection,
        """
        INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, role, author, parts, reasoning,
                             status, usage, created_at, ordinal, revision, finish_reason)
        VALUES ($message, $tenant, $session, $parent, $stream, $role, $author, $parts, $reasoning,
                $status, $usage, $created, $ordinal, 1, $finish)
        ON CONFLICT DO NOTHING
        """,
        "$message", "$tenant", "$session", "$parent", "$stream", "$role", "$author", "$parts", "$reasoning",
        "$status", "$usage", "$created", "$ordinal", "$finish");

    private readonly Statement _stream = new(
        connection,
        """
        INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, body_hash, model,
                            resolved_model, provider, metadata, epoch, state, last_seq, created_at, ended_at, has_log)
        VALUES ($stream, $tenant, $session, $user_message, $message, x'', $model, '', '', '{}', 1, $state, 0,
                $created, $created, 0)
        ON CONFLICT DO NOTHING
        """,
        "$stream", "$tenant", "$session", "$user_message", "$message", "$model", "$state", "$created");

    private readonly Statement _step = new(
        connection,
        """
        INSERT INTO turn_step (stream_id, step, kind, state, body, attempts, has_document)
        VALUES ($stream, $step, $kind, $state, $body, x'', $document)
        """,
        "$stream", "$step", "$kind", "$state", "$body", "$document");

    private readonly SearchEntries _entries = new(connection);

    public ImportOutcome Execute(NewSession session)
    {
        _ = _begin.Run();
        var outcome = Insert(session);
        if (outcome != ImportOutcome.Imported)
        {
            _ = _undo.Run();
        }

        _ = _end.Run();
        return outcome;
    }

    public void Dispose()
    {
        Statement[] all = [_begin, _undo, _end, _session, _message, _stream, _step];
        Array.ForEach(all, statement => statement.Dispose());
        _entries.Dispose();
    }

    private ImportOutcome Insert(NewSession session)
    {
        var isNew = _session.Run(
            session.TenantId, session.SessionId, session.HeadMessageId, session.Title,
            session.CreatedAt.ToUnixTimeMilliseconds(), session.UpdatedAt.ToUnixTimeMilliseconds()) > 0;
        if (!isNew)
        {
            return ImportOutcome.SessionTaken;
        }

        _entries.AddTitle(session.TenantId, session.SessionId);
        foreach (var message in session.Messages)
        {
            var isFree = InsertMessage(session, message)
                && (message.Message.Role != MessageRole.Assistant || InsertStream(session, message));
            if (!isFree)
            {
                return ImportOutcome.IdsTaken;
            }

            _entries.AddMessage(session.TenantId, session.SessionId, message.Message.MessageId);
        }

        return ImportOutcome.Imported;
    }

    private bool InsertMessage(NewSession session, ListedMessage listed)
    {
        var message = listed.Message;
        return _message.Run(
            message.MessageId, session.TenantId, session.SessionId, message.ParentId, listed.StreamId,
            (int)message.Role, message.Author, LengthPrefixed.Encode(message.Parts), listed.Reasoning,
            (int)message.Status, listed.Usage?.ToByteArray(), listed.CreatedAt.ToUnixTimeMilliseconds(),
            listed.Ordinal, (int)listed.FinishReason) > 0;
    }

    // The answer's turn, as if its log had expired.
    private bool InsertStream(NewSession session, ListedMessage listed)
    {
        var message = listed.Message;
        var isFree = _stream.Run(
            listed.StreamId, session.TenantId, session.SessionId, message.ParentId, message.MessageId, message.Author,
            (int)message.Status, listed.CreatedAt.ToUnixTimeMilliseconds()) > 0;
        foreach (var step in isFree ? message.Steps : [])
        {
            _ = _step.Run(
                listed.StreamId, step.Number, (int)step.Kind, (int)step.State, LengthPrefixed.Encode(step.Events),
                step.HasDocument ? 1 : 0);
        }

        return isFree;
    }
}
