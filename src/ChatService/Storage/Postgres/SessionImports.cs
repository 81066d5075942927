using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Writes a session as a whole: one call of a function, whose body is in the migrations.</summary>
internal static class SessionImports
{
    public static readonly RequestSql Sql = new(
        """
        SELECT import_session(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
        """);

    public static void Bind(NpgsqlParameterCollection parameters, NewSession session)
    {
        var messages = session.Messages;
        _ = parameters
            .Give(session.SessionId).Give(session.Title).Give(session.HeadMessageId)
            .Give(session.CreatedAt.ToDatabase()).Give(session.UpdatedAt.ToDatabase())
            .Give(Each(message => message.Message.MessageId))
            .Give(Each(message => message.Message.ParentId), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .Give(Each(message => message.StreamId))
            .Give(Each(message => (int)message.Message.Role))
            .Give(Each(message => message.Message.Author))
            .Give(Each(message => LengthPrefixed.Encode(message.Message.Parts)))
            .Give(Each(message => message.Reasoning))
            .Give(Each(message => (int)message.Message.Status))
            .Give(Each(message => message.Usage?.ToByteArray()), NpgsqlDbType.Array | NpgsqlDbType.Bytea)
            .Give(Each(message => (int)message.FinishReason))
            .Give(Each(message => message.CreatedAt.ToDatabase()));

        var steps = messages.SelectMany(message => message.Message.Steps.Select(step => (message.StreamId, Step: step)))
            .ToArray();
        _ = parameters
            .Give(steps.Select(each => each.StreamId).ToArray())
            .Give(steps.Select(each => each.Step.Number).ToArray())
            .Give(steps.Select(each => (int)each.Step.Kind).ToArray())
            .Give(steps.Select(each => (int)each.Step.State).ToArray())
            .Give(steps.Select(each => LengthPrefixed.Encode(each.Step.Events)).ToArray())
            .Give(steps.Select(each => each.Step.HasDocument).ToArray());

        T[] Each<T>(Func<ListedMessage, T> value) => [.. messages.Select(value)];
    }

    public static async Task<ImportOutcome> ReadAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        return (ImportOutcome)rows.GetInt32(0);
    }
}
