using Chat.V1;
using ChatGrpc.Storage.Search;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Proposes texts, the last saved first. What is common is found among the newest; the index, which knows no order, is
/// asked for what is rarer.
/// </summary>
internal static class SearchQueries
{
    /// <summary>Texts that are to be indexed, as many as one write takes.</summary>
    public const string Pending =
        $"""
        SELECT number, search_entry.tenant_id, search_entry.session_id, title, parts
        FROM search_entry {Texts} WHERE tokens IS NULL LIMIT 64
        """;

    private const string Index =
        "UPDATE search_entry SET tokens = $2, is_wide = $3 WHERE number = $1 AND tokens IS NULL";

    private const string Texts =
        """
        JOIN session ON session.tenant_id = search_entry.tenant_id AND session.session_id = search_entry.session_id
        LEFT JOIN message ON message.message_id = search_entry.message_id
        """;

    private static readonly RequestSql AmongTheNewest = Read("search_newest($2, $3)");

    private static readonly RequestSql AmongAll = Read("search_all($2, $3, $4)");

    /// <param name="goesOn">The newest have been looked at.</param>
    public static RequestSql Of(SearchQuery query, bool goesOn) =>
        goesOn || query.SessionId.Length > 0 ? AmongAll : AmongTheNewest;

    public static void Bind(
        NpgsqlParameterCollection parameters, string tenantId, SearchQuery query, long before, bool goesOn)
    {
        var scope = query.SessionId.Length > 0
            ? SearchTokens.OfSession(tenantId, query.SessionId)
            : SearchTokens.OfTenant(tenantId);
        _ = parameters.Give(before).Give<int[]>([scope, .. SearchTokens.OfTerms(query.Terms)]);
        if (Of(query, goesOn) == AmongAll)
        {
            _ = parameters.Give(query.SessionId);
        }
    }

    public static async Task<SearchProposals> ReadAsync(NpgsqlDataReader rows)
    {
        var texts = new List<SearchedText>();
        var next = default(long?);
        var proposed = 0;
        while (await rows.ReadAsync())
        {
            (next, proposed) = (rows.IsDBNull(0) ? null : rows.GetInt64(0), rows.GetInt32(1));
            if (!rows.IsDBNull(2))
            {
                texts.Add(Text(rows));
            }
        }

        return new SearchProposals(texts, texts.Count < proposed ? texts[^1].Number : next);
    }

    public static async Task<List<SearchChange>> ReadPendingAsync(NpgsqlDataReader rows)
    {
        var changes = new List<SearchChange>();
        while (await rows.ReadAsync())
        {
            var text = rows.IsDBNull(4) ? rows.GetString(3) : SearchReading.TextOf(rows.GetMessages<Part>(4));
            changes.Add(
                new SearchChange(
                    rows.GetInt64(0), SearchTokens.OfText(rows.GetString(1), rows.GetString(2), FoldedText.Of(text))));
        }

        return changes;
    }

    public static void FillIndexed(NpgsqlBatch batch, List<SearchChange> changes)
    {
        foreach (var change in changes)
        {
            batch.Add(Index, with => with
                .Give(change.Number).Give<int[]>([.. change.Tokens])
                .Give(change.Tokens.Contains(SearchTokens.Wide)));
        }
    }

    // Images are read with the texts beside them: of more than 8 MiB at once, one alone.
    private static RequestSql Read(string proposal) => new(
        $"""
        WITH proposal AS MATERIALIZED (SELECT numbers, next FROM {proposal}),
        sized AS (
            SELECT number, row_number() OVER (ORDER BY number DESC) AS place,
                   sum(coalesce(octet_length(parts), 0)) OVER (ORDER BY number DESC) AS total
            FROM proposal CROSS JOIN unnest(numbers) AS proposed (number)
            JOIN search_entry USING (number) {Texts}
            WHERE search_entry.tenant_id = $1),
        taken AS (
            SELECT number, search_entry.session_id, title, search_entry.message_id, role, author,
                   coalesce(message.created_at, session.created_at) AS created_at, parts
            FROM sized JOIN search_entry USING (number) {Texts}
            WHERE search_entry.tenant_id = $1 AND (total <= 8388608 OR place = 1))
        SELECT next, cardinality(numbers), taken.* FROM proposal LEFT JOIN taken ON true ORDER BY number DESC
        """);

    private static SearchedText Text(NpgsqlDataReader row)
    {
        var (title, isTitle) = (row.GetString(4), row.GetString(5).Length == 0);
        return new SearchedText(
            row.GetInt64(2),
            row.GetString(3),
            title,
            row.GetString(5),
            isTitle ? MessageRole.Unspecified : (MessageRole)row.GetInt32(6),
            isTitle ? "" : row.GetString(7),
            row.GetTime(8),
            isTitle ? title : SearchReading.TextOf(row.GetMessages<Part>(9)));
    }
}
