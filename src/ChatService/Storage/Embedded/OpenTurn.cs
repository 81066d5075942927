using System.Text.Json;
using Chat.V1;
using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>The opening commit's statements.</summary>
internal sealed class OpenTurn(SqliteConnection connection) : IDisposable
{
    private readonly Statement _open = new(
        connection,
        "SELECT stream_id FROM stream WHERE tenant_id = $tenant AND session_id = $session AND state IN (1, 2, 3) "
        + "ORDER BY state = 1",
        "$tenant", "$session");

    private readonly Statement _streamOfRequest = new(
        connection,
        "SELECT stream_id, body_hash FROM stream WHERE tenant_id = $tenant AND request_key = $request",
        "$tenant", "$request");

    private readonly Statement _stream = new(
        connection,
        "SELECT stream_id FROM stream WHERE stream_id = $stream AND tenant_id = $tenant",
        "$stream", "$tenant");

    private readonly Statement _parent = new(
        connection,
        "SELECT message_id FROM message "
        + "WHERE message_id = $parent AND tenant_id = $tenant AND session_id = $session",
        "$parent", "$tenant", "$session");

    private readonly Statement _edited = new(
        connection,
        "SELECT parent_id FROM message "
        + "WHERE message_id = $message AND tenant_id = $tenant AND session_id = $session AND role = 1",
        "$message", "$tenant", "$session");

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
        SET head_id = excluded.head_id, updated_at = max(updated_at, excluded.updated_at), revision = revision + 1
        """,
        "$tenant", "$session", "$message", "$title", "$created");

    private readonly Statement _insertMessage = new(
        connection,
        """
        INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, role, author, parts, status,
                             created_at, ordinal, revision)
        VALUES ($id, $tenant, $session, $parent, $stream, $role, $author, $parts, $status, $created,
                (SELECT coalesce(max(ordinal), 0) + 1 FROM message
                 WHERE tenant_id = $tenant AND session_id = $session),
                (SELECT revision FROM session WHERE tenant_id = $tenant AND session_id = $session))
        """,
        "$id", "$tenant", "$session", "$parent", "$stream", "$role", "$author", "$parts", "$status", "$created");

    private readonly Statement _insertStream = new(
        connection,
        """
        INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, request_key, body_hash,
                            model, resolved_model, provider, metadata, epoch, state, last_seq, created_at,
                            request, continues_id, owner)
        VALUES ($stream, $tenant, $session, $user_message, $message, $request_key, $body_hash,
                $model, $resolved_model, $provider, $metadata, $epoch, $state, 0, $created,
                $request, $continues, $owner)
        """,
        "$stream", "$tenant", "$session", "$user_message", "$message", "$request_key", "$body_hash",
        "$model", "$resolved_model", "$provider", "$metadata", "$epoch", "$state", "$created",
        "$request", "$continues", "$owner");

    private readonly SearchEntries _entries = new(connection);

    public OpenResult Execute(NewTurn turn)
    {
        var (tenant, session) = (turn.Stream.TenantId, turn.Stream.SessionId);
        if (FindSentBefore(turn) is { } sent)
        {
            return sent;
        }

        var (inTheWay, ahead) = FindOpen(tenant, session);
        if (ahead > turn.MaxTurnsAhead)
        {
            return new OpenResult(
                turn.MaxTurnsAhead == 0 ? OpenOutcome.SessionBusy : OpenOutcome.QueueFull, inTheWay);
        }

        if (!TryFindParent(turn, out var parent))
        {
            return new OpenResult(OpenOutcome.ParentNotFound, "");
        }

        Insert(turn, parent, ahead == 0 ? StreamState.Running : StreamState.Queued);
        return new OpenResult(ahead == 0 ? OpenOutcome.Opened : OpenOutcome.Queued, turn.Stream.StreamId, ahead);
    }

    public void Dispose()
    {
        Statement[] all =
        [
            _open, _streamOfRequest, _stream, _parent, _edited, _head, _upsertSession, _insertMessage, _insertStream,
        ];
        Array.ForEach(all, statement => statement.Dispose());
        _entries.Dispose();
    }

    private OpenResult? FindSentBefore(NewTurn turn)
    {
        if (_stream.Find(turn.Stream.StreamId, turn.Stream.TenantId) is { } itself)
        {
            return new OpenResult(OpenOutcome.SentBefore, itself);
        }

        if (turn.ClientRequestId.Length == 0)
        {
            return null;
        }

        using var row = _streamOfRequest.Read(turn.Stream.TenantId, turn.ClientRequestId);
        if (!row.Read())
        {
            return null;
        }

        var isSame = row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(turn.BodyHash);
        return new OpenResult(isSame ? OpenOutcome.SentBefore : OpenOutcome.RequestIdTaken, row.GetString(0));
    }

    // The one that runs, before those that wait; and how many they are.
    private (string First, int Count) FindOpen(string tenant, string session)
    {
        using var rows = _open.Read(tenant, session);
        var (first, count) = ("", 0);
        for (; rows.Read(); count++)
        {
            first = count == 0 ? rows.GetString(0) : first;
        }

        return (first, count);
    }

    // Null: the message is a first one. What is named may have been deleted in the meantime, with its session.
    private bool TryFindParent(NewTurn turn, out string? parent)
    {
        var (tenant, session) = (turn.Stream.TenantId, turn.Stream.SessionId);
        if (turn.EditMessageId.Length > 0)
        {
            using var edited = _edited.Read(turn.EditMessageId, tenant, session);
            var isFound = edited.Read();
            parent = !isFound || edited.IsDBNull(0) ? null : edited.GetString(0);
            return isFound;
        }

        var wanted = turn.AnswersStoredMessage ? turn.Stream.UserMessageId : turn.ParentMessageId;
        parent = wanted.Length > 0 ? _parent.Find(wanted, tenant, session) : _head.Find(tenant, session);
        return parent is not null || wanted.Length == 0;
    }

    private void Insert(NewTurn turn, string? parent, StreamState state)
    {
        var stream = turn.Stream;
        var created = stream.CreatedAt.ToUnixTimeMilliseconds();

        // In a session that is new there is no message to follow, and only a new one is named.
        var title = parent is null ? SessionTitle.Of(turn.Parts) : "";
        _ = _upsertSession.Run(stream.TenantId, stream.SessionId, stream.MessageId, title, created);
        if (parent is null)
        {
            _entries.AddTitle(stream.TenantId, stream.SessionId);
        }

        if (!turn.AnswersStoredMessage)
        {
            InsertMessage(
                stream.UserMessageId, parent, MessageRole.User, turn.UserId, turn.Parts, StreamState.Completed);
        }

        InsertMessage(stream.MessageId, stream.UserMessageId, MessageRole.Assistant, stream.Model, [], state);
        _ = _insertStream.Run(
            stream.StreamId, stream.TenantId, stream.SessionId, stream.UserMessageId, stream.MessageId,
            turn.ClientRequestId.Length > 0 ? turn.ClientRequestId : null, turn.BodyHash,
            stream.Model, stream.ResolvedModel, stream.Provider, JsonSerializer.Serialize(turn.Metadata),
            stream.Epoch, (int)state, created, turn.Request.ToByteArray(), stream.ContinuesStreamId,
            turn.Owner);

        void InsertMessage(
            string id, string? parentId, MessageRole role, string author, IReadOnlyList<Part> parts, StreamState status)
            => _ = _insertMessage.Run(
                id, stream.TenantId, stream.SessionId, parentId, stream.StreamId, (int)role, author,
                LengthPrefixed.Encode(parts), (int)status, created);
    }
}
