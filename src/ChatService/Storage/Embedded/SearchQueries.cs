using Chat.V1;
using ChatGrpc.Storage.Search;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>
/// Searches what is indexed and what is not yet. One transaction sees each text in one of the two.
/// </summary>
internal static class SearchQueries
{
    public const string Indexed =
        "SELECT rowid FROM search_index WHERE search_index MATCH $tokens AND rowid < $before ORDER BY rowid DESC";

    /// <summary>
    /// Few are not indexed yet. By itself the planner goes through all entries in their order; a test holds this query
    /// to its index.
    /// </summary>
    public const string Pending =
        """
        SELECT number FROM search_entry INDEXED BY search_pending
        WHERE tenant_id = $tenant AND number < $before AND is_indexed = 0
        ORDER BY number DESC
        """;

    private const string Entry =
        """
        SELECT search_entry.number, search_entry.session_id, session.title, search_entry.message_id, message.role,
               message.author, coalesce(message.created_at, session.created_at), message.parts
        FROM search_entry
        JOIN session ON session.tenant_id = search_entry.tenant_id AND session.session_id = search_entry.session_id
        LEFT JOIN message ON message.message_id = search_entry.message_id
        WHERE number = $number AND search_entry.tenant_id = $tenant
          AND ($session = '' OR search_entry.session_id = $session)
        """;

    public static SearchPage Page(SqliteConnection connection, string tenantId, SearchQuery query)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return SearchReading.Page(Candidates(connection, tenantId, query), query);
    }

    /// <summary>The tokens as the index has them.</summary>
    public static string Written(IEnumerable<int> tokens) =>
        string.Join(' ', tokens.Select(token => token.ToString("x8", null)));

    private static IEnumerable<SearchedText> Candidates(
        SqliteConnection connection, string tenantId, SearchQuery query)
    {
        var scope = query.SessionId.Length > 0
            ? SearchTokens.OfSession(tenantId, query.SessionId)
            : SearchTokens.OfTenant(tenantId);
        var wanted = SearchTokens.OfTerms(query.Terms);
        var text = $"({Written([scope, .. wanted])}) OR ({Written([scope, SearchTokens.Wide])})";
        var before = query.Before ?? long.MaxValue;

        using var entry = new Statement(connection, Entry, "$number", "$tenant", "$session");
        using var indexed = new Statement(connection, Indexed, "$tokens", "$before");
        using var pending = new Statement(connection, Pending, "$tenant", "$before");
        foreach (var number in SearchReading.Merged(
            Numbers(indexed.Read(text, before)), Numbers(pending.Read(tenantId, before))))
        {
            if (Read(entry, number, tenantId, query.SessionId) is { } found)
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<long> Numbers(SqliteDataReader rows)
    {
        using (rows)
        {
            while (rows.Read())
            {
                yield return rows.GetInt64(0);
            }
        }
    }

    // Null: it is of another session or tenant, or gone and not yet from the index.
    private static SearchedText? Read(Statement entry, long number, string tenantId, string sessionId)
    {
        using var row = entry.Read(number, tenantId, sessionId);
        if (!row.Read())
        {
            return null;
        }

        var (title, messageId) = (row.GetString(2), row.GetString(3));
        var isTitle = messageId.Length == 0;
        return new SearchedText(
            row.GetInt64(0),
            row.GetString(1),
            title,
            messageId,
            isTitle ? MessageRole.Unspecified : (MessageRole)row.GetInt32(4),
            isTitle ? "" : row.GetString(5),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
            isTitle ? title : SearchReading.TextOf(LengthPrefixed.Decode<Part>(row.GetFieldValue<byte[]>(7))));
    }
}
