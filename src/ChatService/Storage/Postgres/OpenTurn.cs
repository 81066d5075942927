using System.Text.Json;
using Google.Protobuf;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>The opening commit: one call of a function, whose body is in the migrations.</summary>
internal static class OpenTurn
{
    public static readonly RequestSql Sql = new(
        """
        SELECT outcome, found_id, ahead FROM open_turn(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24)
        """);

    public static void Bind(NpgsqlParameterCollection parameters, NewTurn turn)
    {
        var stream = turn.Stream;
        var wanted = turn.AnswersStoredMessage ? stream.UserMessageId : turn.ParentMessageId;

        // Only a session that is new is named, and in one that is new there is nothing to name.
        var title = wanted.Length + turn.EditMessageId.Length == 0 ? SessionTitle.Of(turn.Parts) : "";
        _ = parameters
            .Give(stream.SessionId).Give(stream.StreamId).Give(stream.UserMessageId).Give(stream.MessageId)
            .Give(NullIfEmpty(turn.EditMessageId)).Give(NullIfEmpty(wanted)).Give(turn.AnswersStoredMessage)
            .Give(stream.ContinuesStreamId).Give(NullIfEmpty(turn.ClientRequestId)).Give(turn.BodyHash)
            .Give(turn.MaxTurnsAhead)
            .Give(title).Give(SearchQueries.TokensOf(title))
            .Give(turn.UserId).Give(LengthPrefixed.Encode(turn.Parts)).Give(SearchQueries.TokensOf(turn.Parts))
            .Give(stream.Model).Give(stream.ResolvedModel).Give(stream.Provider)
            .Give(JsonSerializer.Serialize(turn.Metadata)).Give(turn.Request.ToByteArray())
            .Give(stream.Epoch).Give(stream.CreatedAt.ToDatabase());
    }

    private static string? NullIfEmpty(string id) => id.Length > 0 ? id : null;

    public static async Task<OpenResult> ReadAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        return new OpenResult((OpenOutcome)rows.GetInt32(0), rows.GetString(1), rows.GetInt32(2));
    }
}
