using System.Globalization;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Writes a session as a whole: the session first, then its messages by calls of a function, with an item in each array
/// for a message or a step.
/// </summary>
internal static class ImportSession
{
    // The tokens of a message take 100 KB at most, as text: with its content, so much is made ready at once. Neither
    // takes the database longer than its limit on a statement.
    private const int MaxMessages = 100;
    private const long MaxBytes = 4 * 1024 * 1024;

    private static readonly RequestSql Session = new("SELECT import_session($1, $2, $3, $4, $5, $6, $7)");

    private static readonly RequestSql Messages = new(
        """
        SELECT import_messages(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """);

    /// <summary>Statements to be run one after the other; each gives an <see cref="ImportOutcome"/>.</summary>
    public static IEnumerable<(RequestSql Sql, Action<NpgsqlParameterCollection> Bind)> Statements(NewSession session)
    {
        yield return (Session, parameters => parameters
            .Give(session.SessionId).Give(session.Title).Give(SearchQueries.TokensOf(session.Title))
            .Give(session.HeadMessageId).Give(session.CreatedAt.ToDatabase()).Give(session.UpdatedAt.ToDatabase()));
        foreach (var some in Portions(session.Messages))
        {
            yield return (Messages, parameters => Bind(parameters, session.SessionId, some));
        }
    }

    private static IEnumerable<List<ListedMessage>> Portions(IReadOnlyList<ListedMessage> messages)
    {
        var portion = new List<ListedMessage>();
        var bytes = 0L;
        foreach (var message in messages)
        {
            var size = SizeOf(message);
            if (portion.Count == MaxMessages || (portion.Count > 0 && bytes + size > MaxBytes))
            {
                yield return portion;
                (portion, bytes) = ([], 0);
            }

            portion.Add(message);
            bytes += size;
        }

        yield return portion;
    }

    private static long SizeOf(ListedMessage listed) =>
        listed.Message.Parts.Sum(part => (long)part.CalculateSize()) + listed.Reasoning.Length
        + listed.Message.Steps.Sum(step => step.Events.Sum(each => (long)each.CalculateSize()));

    private static void Bind(
        NpgsqlParameterCollection parameters, string sessionId, IReadOnlyList<ListedMessage> some)
    {
        _ = parameters
            .Give(sessionId)
            .Give(Each(some, one => one.Message.MessageId)).Give(Each(some, one => one.Message.ParentId))
            .Give(Each(some, one => one.StreamId)).Give(Each(some, one => one.Ordinal))
            .Give(Each(some, one => (int)one.Message.Role)).Give(Each(some, one => one.Message.Author))
            .Give(Each(some, one => LengthPrefixed.Encode(one.Message.Parts))).Give(Each(some, one => one.Reasoning))
            .Give(Each(some, one => (int)one.Message.Status)).Give(Each(some, one => one.Usage?.ToByteArray()))
            .Give(Each(some, one => (int)one.FinishReason))
            .Give(Each(some, one => one.CreatedAt.ToDatabase()), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
            .Give(Each(some, one => Written(SearchQueries.TokensOf(one.Message.Parts))));
        var steps = some.SelectMany(one => one.Message.Steps, (one, step) => (one.StreamId, Step: step)).ToArray();
        _ = parameters
            .Give(Each(steps, each => each.StreamId)).Give(Each(steps, each => each.Step.Number))
            .Give(Each(steps, each => (int)each.Step.Kind)).Give(Each(steps, each => (int)each.Step.State))
            .Give(Each(steps, each => LengthPrefixed.Encode(each.Step.Events)))
            .Give(Each(steps, each => each.Step.HasDocument));
    }

    private static TValue[] Each<TItem, TValue>(IReadOnlyList<TItem> items, Func<TItem, TValue> value) =>
        [.. items.Select(value)];

    // As PostgreSQL writes an array.
    private static string Written(int[] tokens) =>
        $"{{{string.Join(',', tokens.Select(token => token.ToString(CultureInfo.InvariantCulture)))}}}";
}
