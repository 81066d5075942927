using System.Globalization;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Writes a session as a whole: one call of a function, with an item in each array for a message or a step.
/// </summary>
internal static class ImportSession
{
    public static readonly RequestSql Sql = new(
        """
        SELECT import_session(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26)
        """);

    public static void Bind(NpgsqlParameterCollection parameters, NewSession session)
    {
        var all = session.Messages;
        _ = parameters
            .Give(session.SessionId).Give(session.Title).Give(SearchQueries.TokensOf(session.Title))
            .Give(session.HeadMessageId).Give(session.CreatedAt.ToDatabase()).Give(session.UpdatedAt.ToDatabase())
            .Give(Each(all, one => one.Message.MessageId)).Give(Each(all, one => one.Message.ParentId))
            .Give(Each(all, one => one.StreamId)).Give(Each(all, one => one.Ordinal))
            .Give(Each(all, one => (int)one.Message.Role)).Give(Each(all, one => one.Message.Author))
            .Give(Each(all, one => LengthPrefixed.Encode(one.Message.Parts))).Give(Each(all, one => one.Reasoning))
            .Give(Each(all, one => (int)one.Message.Status)).Give(Each(all, one => one.Usage?.ToByteArray()))
            .Give(Each(all, one => (int)one.FinishReason))
            .Give(Each(all, one => one.CreatedAt.ToDatabase()), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            .Give(Each(all, one => Written(SearchQueries.TokensOf(one.Message.Parts))));
        var steps = all.SelectMany(one => one.Message.Steps, (one, step) => (one.StreamId, Step: step)).ToArray();
        _ = parameters
            .Give(Each(steps, each => each.StreamId)).Give(Each(steps, each => each.Step.Number))
            .Give(Each(steps, each => (int)each.Step.Kind)).Give(Each(steps, each => (int)each.Step.State))
            .Give(Each(steps, each => LengthPrefixed.Encode(each.Step.Events)))
            .Give(Each(steps, each => each.Step.HasDocument));
    }

    public static async Task<ImportOutcome> ReadAsync(NpgsqlDataReader rows)
    {
        _ = await rows.ReadAsync();
        return (ImportOutcome)rows.GetInt32(0);
    }

    private static TValue[] Each<TItem, TValue>(IReadOnlyList<TItem> items, Func<TItem, TValue> value) =>
        [.. items.Select(value)];

    // As PostgreSQL writes an array.
    private static string Written(int[] tokens) =>
        $"{{{string.Join(',', tokens.Select(token => token.ToString(CultureInfo.InvariantCulture)))}}}";
}
