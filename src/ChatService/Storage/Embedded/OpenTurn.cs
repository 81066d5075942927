using System.Text.Json;
using Chat.V1;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>The opening commit's statements.</summary>
internal sealed class OpenTurn(SqliteConnection connection) : IDisposable
{
    private readonly Statement _runningStream = new(
        connection,
        "SELECT stream_id FROM stream WHERE tenant_id = $tenant AND session_id = $session AND state IN (2, 3)",
        "$tenant", "$session");

    private readonly Statement _streamOfRequest = new(
        connection,
        "SELECT stream_id FROM stream WHERE tenant_id = $tenant AND request_key = $request",
        "$tenant", "$request");

    private readonly Statement _parent = new(
        connection,
        "SELECT message_id FROM message "
        + "WHERE message_id = $parent AND tenant_id = $tenant AND session_id = $session",
        "$parent", "$tenant", "$session");

    private readonly Statement _head = new(
        connection,
        "SELECT head_id FROM session WHERE tenant_id = $tenant AND session_id = $session",
        "$tenant", "$session");

    private readonly Statement _upsertSession = new(
        connection,
        """
        INSERT INTO session (tenant_id, session_id, head_id, title, created_at, updated_at)
        VALUES ($tenant, $session, $message, $title, $created, $created)
        ON CONFLICT DO UPDATE
        SET head_id = excluded.head_id, updated_at = max(updated_at, excluded.updated_at)
        """,
        "$tenant", "$session", "$message", "$title", "$created");

    private readonly Statement _insertMessage = new(
        connection,
        """
        INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, role, author, parts, status,
                             created_at, ordinal)
        VALUES ($id, $tenant, $session, $parent, $stream, $role, $author, $parts, $status, $created,
                (SELECT coalesce(max(ordinal), 0) + 1 FROM message
                 WHERE tenant_id = $tenant AND session_id = $session))
        """,
        "$id", "$tenant", "$session", "$parent", "$stream", "$role", "$author", "$parts", "$status", "$created");

    private readonly Statement _insertStream = new(
        connection,
        """
        INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, request_key, body_hash,
                            model, resolved_model, provider, metadata, epoch, state, last_seq, created_at)
        VALUES ($stream, $tenant, $session, $user_message, $message, $request, $body_hash,
                $model, $resolved_model, $provider, $metadata, $epoch, $state, 0, $created)
        """,
        "$stream", "$tenant", "$session", "$user_message", "$message", "$request", "$body_hash",
        "$model", "$resolved_model", "$provider", "$metadata", "$epoch", "$state", "$created");

    public OpenResult Execute(NewTurn turn)
    {
        var (tenant, session) = (turn.Stream.TenantId, turn.Stream.SessionId);
        if (turn.ClientRequestId.Length > 0 && _streamOfRequest.Find(tenant, turn.ClientRequestId) is { } taken)
        {
            return new OpenResult(OpenOutcome.RequestIdTaken, taken);
        }

        if (_runningStream.Find(tenant, session) is { } running)
        {
            return new OpenResult(OpenOutcome.SessionBusy, running);
        }

        var parent = turn.ParentMessageId.Length > 0
            ? _parent.Find(turn.ParentMessageId, tenant, session)
            : _head.Find(tenant, session);
        if (parent is null && turn.ParentMessageId.Length > 0)
        {
            return new OpenResult(OpenOutcome.ParentNotFound, "");
        }

        Insert(turn, parent);
        return new OpenResult(OpenOutcome.Opened, turn.Stream.StreamId);
    }

    public void Dispose()
    {
        Statement[] all =
        [
            _runningStream, _streamOfRequest, _parent, _head, _upsertSession, _insertMessage, _insertStream,
        ];
        Array.ForEach(all, statement => statement.Dispose());
    }

    private void Insert(NewTurn turn, string? parent)
    {
        var stream = turn.Stream;
        var created = stream.CreatedAt.ToUnixTimeMilliseconds();

        // Only a session that is new has no message to follow, and only a new one is named.
        var title = parent is null ? SessionTitle.Of(turn.Parts) : "";
        _ = _upsertSession.Run(stream.TenantId, stream.SessionId, stream.MessageId, title, created);
        InsertMessage(stream.UserMessageId, parent, MessageRole.User, turn.UserId, turn.Parts, StreamState.Completed);
        InsertMessage(
            stream.MessageId, stream.UserMessageId, MessageRole.Assistant, stream.Model, [], StreamState.Running);
        _ = _insertStream.Run(
            stream.StreamId, stream.TenantId, stream.SessionId, stream.UserMessageId, stream.MessageId,
            turn.ClientRequestId.Length > 0 ? turn.ClientRequestId : null, turn.BodyHash,
            stream.Model, stream.ResolvedModel, stream.Provider, JsonSerializer.Serialize(turn.Metadata),
            stream.Epoch, (int)stream.State, created);

        void InsertMessage(
            string id, string? parentId, MessageRole role, string author, IReadOnlyList<Part> parts, StreamState status)
            => _ = _insertMessage.Run(
                id, stream.TenantId, stream.SessionId, parentId, stream.StreamId, (int)role, author,
                LengthPrefixed.Encode(parts), (int)status, created);
    }
}
