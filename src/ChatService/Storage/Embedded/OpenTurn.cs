using System.Text.Json;
using Chat.V1;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>The opening commit's statements.</summary>
internal static class OpenTurn
{
    private const string RunningStream =
        "SELECT stream_id FROM stream WHERE tenant_id = @TenantId AND session_id = @SessionId AND state IN (2, 3)";

    private const string StreamOfRequest =
        "SELECT stream_id FROM stream WHERE tenant_id = @TenantId AND request_key = @ClientRequestId";

    private const string Parent =
        "SELECT message_id FROM message "
        + "WHERE message_id = @ParentMessageId AND tenant_id = @TenantId AND session_id = @SessionId";

    private const string Head =
        "SELECT head_id FROM session WHERE tenant_id = @TenantId AND session_id = @SessionId";

    private const string UpsertSession =
        """
        INSERT INTO session (tenant_id, session_id, head_id, created_at, updated_at)
        VALUES (@TenantId, @SessionId, @MessageId, @CreatedAt, @CreatedAt)
        ON CONFLICT DO UPDATE SET head_id = excluded.head_id, updated_at = excluded.updated_at
        """;

    private const string InsertMessage =
        """
        INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, role, author, parts, status,
                             created_at)
        VALUES (@Id, @TenantId, @SessionId, @ParentId, @StreamId, @Role, @Author, @Parts, @Status, @CreatedAt)
        """;

    private const string InsertStream =
        """
        INSERT INTO stream (stream_id, tenant_id, session_id, user_message_id, message_id, request_key, body_hash,
                            model, resolved_model, provider, metadata, epoch, state, last_seq, created_at)
        VALUES (@StreamId, @TenantId, @SessionId, @UserMessageId, @MessageId, @RequestKey, @BodyHash,
                @Model, @ResolvedModel, @Provider, @Metadata, @Epoch, @State, 0, @CreatedAt)
        """;

    public static OpenResult Execute(SqliteConnection connection, NewTurn turn)
    {
        var stream = turn.Stream;
        var key = new { stream.TenantId, stream.SessionId, turn.ClientRequestId, turn.ParentMessageId };
        if (turn.ClientRequestId.Length > 0
            && connection.ExecuteScalar<string?>(StreamOfRequest, key) is { } taken)
        {
            return new OpenResult(OpenOutcome.RequestIdTaken, taken);
        }

        if (connection.ExecuteScalar<string?>(RunningStream, key) is { } running)
        {
            return new OpenResult(OpenOutcome.SessionBusy, running);
        }

        var parent = connection.ExecuteScalar<string?>(turn.ParentMessageId.Length > 0 ? Parent : Head, key);
        if (parent is null && turn.ParentMessageId.Length > 0)
        {
            return new OpenResult(OpenOutcome.ParentNotFound, "");
        }

        Insert(connection, turn, parent);
        return new OpenResult(OpenOutcome.Opened, stream.StreamId);
    }

    private static void Insert(SqliteConnection connection, NewTurn turn, string? parent)
    {
        var stream = turn.Stream;
        var createdAt = stream.CreatedAt.ToUnixTimeMilliseconds();
        connection.Execute(
            UpsertSession, new { stream.TenantId, stream.SessionId, stream.MessageId, CreatedAt = createdAt });
        InsertMessageOf(stream.UserMessageId, parent, MessageRole.User, turn.UserId, turn.Parts, StreamState.Completed);
        InsertMessageOf(
            stream.MessageId, stream.UserMessageId, MessageRole.Assistant, stream.Model, [], StreamState.Running);
        connection.Execute(InsertStream, new
        {
            stream.StreamId,
            stream.TenantId,
            stream.SessionId,
            stream.UserMessageId,
            stream.MessageId,
            RequestKey = turn.ClientRequestId.Length > 0 ? turn.ClientRequestId : null,
            turn.BodyHash,
            stream.Model,
            stream.ResolvedModel,
            stream.Provider,
            Metadata = JsonSerializer.Serialize(turn.Metadata),
            stream.Epoch,
            State = (int)stream.State,
            CreatedAt = createdAt,
        });

        void InsertMessageOf(
            string id, string? parentId, MessageRole role, string author, IReadOnlyList<Part> parts, StreamState status)
            => connection.Execute(InsertMessage, new
            {
                Id = id,
                stream.TenantId,
                stream.SessionId,
                ParentId = parentId,
                stream.StreamId,
                Role = (int)role,
                Author = author,
                Parts = LengthPrefixed.Encode(parts),
                Status = (int)status,
                CreatedAt = createdAt,
            });
    }
}
