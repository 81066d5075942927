using System.Text.RegularExpressions;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Tests.Storage.Embedded;

/// <summary>What a page costs does not depend on how much the store holds.</summary>
public sealed partial class QueryPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SessionQueries.Page, "session_by_update")]
    [InlineData(MessageQueries.OldestFirst, "message_in_session")]
    [InlineData(MessageQueries.NewestFirst, "message_in_session")]
    [InlineData(MessageQueries.ByChange, "message_by_change")]
    [InlineData(Queries.Expired, "stream_by_end")]
    [InlineData(SearchQueries.Pending, "search_pending")]
    public async Task Page_ByItsIndex_NothingIsScannedOrSorted(string query, string index)
    {
        await EmbeddedStore.Open(new StorageOptions { Path = _folder.Path }).DisposeAsync();
        using var connection = Connect();

        var plan = Plan(connection, query);

        Assert.Contains($"USING INDEX {index}", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenTurns_OfALongSession_ByTheirKeys()
    {
        await EmbeddedStore.Open(new StorageOptions { Path = _folder.Path }).DisposeAsync();
        using var connection = Connect();

        var plan = Plan(connection, MessageQueries.OfOpenTurns);

        Assert.Contains("stream_open", plan, StringComparison.Ordinal);
        Assert.Contains("SEARCH message USING INDEX sqlite_autoindex_message", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
    }

    // Every answered message is indexed, however many were before it.
    [Fact]
    public async Task Indexing_OfWhatIsNew_NothingElseIsLookedAt()
    {
        await EmbeddedStore.Open(new StorageOptions { Path = _folder.Path }).DisposeAsync();
        using var connection = Connect();

        var plan = Plan(connection, SearchIndexer.Pending);

        Assert.Contains("SCAN search_entry USING INDEX search_pending", plan, StringComparison.Ordinal);
        Assert.Contains("SEARCH session USING PRIMARY KEY", plan, StringComparison.Ordinal);
        Assert.Contains("SEARCH message USING INDEX", plan, StringComparison.Ordinal);
    }

    // Every closing commit asks; a session may have thousands of turns, and few are open.
    [Theory]
    [InlineData(Promotion.Next)]
    [InlineData(Promotion.AnyIdle)]
    public async Task Promotion_AmongTheOpenTurns_FoundByTheirIndex(string query)
    {
        await EmbeddedStore.Open(new StorageOptions { Path = _folder.Path }).DisposeAsync();
        using var connection = Connect();

        var plan = Plan(connection, query);

        Assert.Contains("waiting USING INDEX stream_open", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("stream_of_session", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_WithoutTheIndex_ShowsIt()
    {
        await EmbeddedStore.Open(new StorageOptions { Path = _folder.Path }).DisposeAsync();
        using var connection = Connect();
        _ = connection.Execute("DROP INDEX session_by_update");

        Assert.Contains("TEMP B-TREE", Plan(connection, SessionQueries.Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListSessions_AThousandInPagesOfFifty_EachOnce()
    {
        await using var store = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(
            i => store.OpenTurnAsync(Sample.Turn($"session-{i}"), CancellationToken.None))).InTime();

        var seen = new HashSet<string>();
        var place = default(SessionPlace);
        for (var pages = 0; pages < 20; pages++)
        {
            var page = await store.ListSessionsAsync(Sample.Tenant, place, 50, CancellationToken.None).InTime();
            Assert.All(page.Sessions, session => Assert.True(seen.Add(session.SessionId)));
            Assert.Equal(pages < 19, page.HasMore);
            place = new SessionPlace(page.Sessions[^1].UpdatedAt, page.Sessions[^1].SessionId);
        }

        Assert.Equal(1_000, seen.Count);
    }

    private SqliteConnection Connect() => new SqliteDatabase(Path.Combine(_folder.Path, "chat.db")).OpenWriter();

    private static string Plan(SqliteConnection connection, string query)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {query}";
        foreach (var name in Parameter().Matches(query).Select(match => match.Value).Distinct())
        {
            _ = command.Parameters.AddWithValue(name, 1);
        }

        using var rows = command.ExecuteReader();
        var steps = new List<string>();
        while (rows.Read())
        {
            steps.Add(rows.GetString(3));
        }

        return string.Join('\n', steps);
    }

    [GeneratedRegex(@"[$@]\w+")]
    private static partial Regex Parameter();
}
