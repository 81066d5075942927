using Chat.V1;
using ChatGrpc.Storage.Search;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Searches by an index of what Storage/Search knows of each text; the text itself decides. It is written in the
/// commits that make texts searchable.
/// </summary>
internal static class SearchQueries
{
    /// <summary>What the index proposes, the last saved first, as much of it as is read at once.</summary>
    public static readonly RequestSql Candidates = new(
        """
        SELECT number, session_id, title, message_id, role, author, created_at, parts
        FROM (
            SELECT entry.number, entry.session_id, session.title, entry.message_id, message.role, message.author,
                   coalesce(message.created_at, session.created_at) AS created_at, message.parts,
                   sum(octet_length(message.parts)) OVER (ORDER BY entry.number DESC)
                       - octet_length(message.parts) AS before
            FROM search_numbers($1, $2, $3, $4, $5, $6) AS proposed
            JOIN search_entry AS entry ON entry.number = proposed AND entry.tenant_id = $1
            JOIN session ON session.tenant_id = $1 AND session.session_id = entry.session_id
            LEFT JOIN message ON message.message_id = entry.message_id AND message.tenant_id = $1) AS summed
        WHERE before IS NULL OR before < 33554432 ORDER BY number DESC
        """);

    // Nearly all of what is proposed is what is sought: more than a page of it is rarely looked at.
    private const int FirstBatch = 100;

    public static int[] TokensOf(IEnumerable<Part> parts) => TokensOf(SearchReading.TextOf(parts));

    public static int[] TokensOf(string text) => [.. SearchTokens.OfText(FoldedText.Of(text))];

    /// <param name="read">Reads so many candidates before a number.</param>
    public static async Task<SearchPage> PageAsync(
        SearchQuery query, Func<long, int, Task<IReadOnlyList<SearchedText>>> read)
    {
        var candidates = new List<SearchedText>();
        for (var batch = FirstBatch; ; batch *= 4)
        {
            var next = await read(candidates.Count > 0 ? candidates[^1].Number : query.Before ?? long.MaxValue, batch);
            candidates.AddRange(next);
            var page = SearchReading.Page(candidates, query);
            if (next.Count == 0 || page.Next is not null)
            {
                return page;
            }
        }
    }

    public static void Bind(NpgsqlParameterCollection parameters, SearchQuery query, long before, int count) =>
        parameters
            .Give(query.SessionId)
            .Give<int[]>([.. SearchTokens.OfTerms(query.Terms)])
            .Give(SearchTokens.Wide)
            .Give(before)
            .Give((long)count);

    public static async Task<IReadOnlyList<SearchedText>> ReadAsync(NpgsqlDataReader rows)
    {
        var texts = new List<SearchedText>();
        while (await rows.ReadAsync())
        {
            var (title, messageId) = (rows.GetString(2), rows.GetString(3));
            var isTitle = messageId.Length == 0;
            texts.Add(
                new SearchedText(
                    rows.GetInt64(0),
                    rows.GetString(1),
                    title,
                    messageId,
                    isTitle ? MessageRole.Unspecified : (MessageRole)rows.GetInt32(4),
                    isTitle ? "" : rows.GetString(5),
                    rows.GetTime(6),
                    isTitle ? title : SearchReading.TextOf(rows.GetMessages<Part>(7))));
        }

        return texts;
    }
}
