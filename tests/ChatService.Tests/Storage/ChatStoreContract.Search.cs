using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    /// <summary>What is to be indexed is indexed; a store that needs no index has nothing to do.</summary>
    private protected virtual Task CatchUpAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_MessagesAndTitles_TheLastSavedFirst(bool isIndexed)
    {
        var turn = await AnsweredAsync(text: "Where is the Straße?", answer: "The STRASSE is there");
        _ = await AnsweredAsync("another", text: "Nothing of it");
        await CatchUpAsync(isIndexed);

        var found = (await SearchAsync("strasse")).Found;

        Assert.Equal(
            [
                (turn.Stream.MessageId, MessageRole.Assistant, "alias", "The STRASSE is there"),
                (turn.Stream.UserMessageId, MessageRole.User, "Ada", "Where is the Straße?"),
                ("", MessageRole.Unspecified, "", "Where is the Straße?"),
            ],
            found.Select(each => (each.MessageId, each.Role, each.Author, each.Text)));
        Assert.All(found, each => Assert.Equal(
            ("session", "Where is the Straße?", Sample.Noon), (each.SessionId, each.SessionTitle, each.CreatedAt)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_SubstringsOfAnyScript_Found(bool isIndexed)
    {
        _ = await AnsweredAsync(text: "x", answer: "人工智能正在改变世界 👨‍👩‍👧 ﬁnal \u1112\u1161\u11AB글 שָׁלוֹם ＡＢＣ");
        await CatchUpAsync(isIndexed);

        foreach (var query in new[] { "智能", "改变 final", "👩‍👧", "한글", "שלום", "abc", "\"世界 👨\"", "ﬁn ÁbÇ" })
        {
            Assert.Single((await SearchAsync(query)).Found);
        }

        foreach (var query in new[] { "能智", "\"改变 final\"", "한굴", "abd" })
        {
            Assert.Empty((await SearchAsync(query)).Found);
        }
    }

    [Fact]
    public async Task Search_TurnThatRuns_FoundWhenItHasEnded()
    {
        var turn = Sample.Turn("session", text: "title words\nsought here");
        _ = await OpenAsync(turn);

        Assert.Empty((await SearchAsync("sought")).Found);
        Assert.Single((await SearchAsync("title")).Found);

        _ = await CommitAsync(Sample.Close(turn, 1, 1, "sought too", StreamState.Cancelled));
        Assert.Equal(2, (await SearchAsync("sought")).Found.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_AnsweredAgainAndEdited_EachTextOnce(bool isIndexed)
    {
        var first = await AnsweredAsync(text: "title\nsought one", answer: "-");
        await CatchUpAsync(isIndexed);
        var again = Again(first);
        _ = await OpenAsync(again);
        _ = await CommitAsync(Sample.Close(again, 1, 1, "sought two"));
        var edit = Sample.Turn("session", text: "sought three") with { EditMessageId = first.Stream.UserMessageId };
        _ = await OpenAsync(edit);
        _ = await CommitAsync(Sample.Close(edit, 1, 1, "-"));
        await CatchUpAsync(isIndexed);

        Assert.Equal(
            ["sought three", "sought two", "title\nsought one"],
            (await SearchAsync("sought")).Found.Select(each => each.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_Renamed_TheNewTitleAndNotTheOld(bool isIndexed)
    {
        _ = await AnsweredAsync(text: "-old-", answer: "-");
        await CatchUpAsync(isIndexed);
        _ = await RenameAsync("session", "new name", Sample.Noon);
        _ = await RenameAsync("session", "newer name", Sample.Noon);
        await CatchUpAsync(isIndexed);

        Assert.Equal(["newer name"], (await SearchAsync("name")).Found.Select(each => each.Text));
        Assert.Equal([MessageRole.User], (await SearchAsync("old")).Found.Select(each => each.Role));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_Deleted_NothingOfItIsFound(bool isIndexed)
    {
        _ = await AnsweredAsync(text: "sought");
        var kept = await AnsweredAsync("kept", text: "-\nsought");
        await CatchUpAsync(isIndexed);
        _ = await DeleteAsync();

        Assert.Equal([kept.Stream.UserMessageId], (await SearchAsync("sought")).Found.Select(each => each.MessageId));
        await CatchUpAsync(isIndexed);
        Assert.Equal([kept.Stream.UserMessageId], (await SearchAsync("sought")).Found.Select(each => each.MessageId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_OtherTenantAndOtherSession_NeverFound(bool isIndexed)
    {
        _ = await AnsweredAsync(text: "sought");
        var foreign = Sample.Turn("session", tenant: "foreign", text: "sought");
        _ = await OpenAsync(foreign);
        _ = await CommitAsync(Sample.Close(foreign, 1, 1));
        await CatchUpAsync(isIndexed);

        Assert.Equal(2, (await SearchAsync("sought")).Found.Count);
        Assert.Equal(2, (await SearchAsync("sought", session: "session")).Found.Count);
        Assert.Empty((await SearchAsync("sought", session: "other")).Found);
        Assert.Empty((await SearchAsync("sought", tenant: "nobody")).Found);
        Assert.Contains(
            foreign.Stream.UserMessageId,
            (await SearchAsync("sought", tenant: "foreign")).Found.Select(each => each.MessageId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_InPages_EachOnceInOrder(bool isIndexed)
    {
        for (var i = 0; i < 7; i++)
        {
            _ = await AnsweredAsync(text: $"sought {i}", answer: $"found {i}, sought");
            if (i == 3)
            {
                await CatchUpAsync(isIndexed);
            }
        }

        var pages = new List<SearchPage> { await SearchAsync("sought", limit: 4) };
        while (pages[^1].Next is { } next)
        {
            pages.Add(await SearchAsync("sought", limit: 4, before: next));
        }

        Assert.Equal([4, 4, 4, 3], pages.Select(page => page.Found.Count));
        Assert.Equal(
            [
                .. Enumerable.Range(0, 7).Reverse().SelectMany(i => new[] { $"found {i}, sought", $"sought {i}" }),
                "sought 0",
            ],
            pages.SelectMany(page => page.Found).Select(each => each.Text));
        Assert.Null((await SearchAsync("sought", limit: 15)).Next);
    }

    [Fact]
    public async Task Search_ATextOfVeryManyPairs_FoundAmongOthers()
    {
        var dice = new Random(7);
        var wide = string.Concat(Enumerable.Range(0, 20_000).Select(_ => (char)dice.Next(0x4E00, 0x9FFF)));
        _ = await AnsweredAsync(text: "-", answer: wide + "sought");
        _ = await AnsweredAsync(text: "-", answer: "sought");
        await CatchUpAsync(isIndexed: true);

        Assert.Equal(["sought", wide + "sought"], (await SearchAsync("sought")).Found.Select(each => each.Text));
        Assert.Single((await SearchAsync(wide[9_000..9_020])).Found);
        Assert.Empty((await SearchAsync(wide[9_000..9_020] + "sought")).Found);
    }

    [Fact]
    public async Task Search_AfterAReopening_FindsTheSame()
    {
        _ = await AnsweredAsync(text: "sought");
        await CatchUpAsync(isIndexed: true);
        _ = await AnsweredAsync(text: "sought again");
        var before = await SearchAsync("sought");

        _store = await ReopenAsync();

        Assert.Equal(before.Found, (await SearchAsync("sought")).Found);
    }

    private Task CatchUpAsync(bool isIndexed) => isIndexed ? CatchUpAsync() : Task.CompletedTask;

    private Task<SearchPage> SearchAsync(
        string query, string tenant = Sample.Tenant, string session = "", int limit = 50, long? before = null) =>
        _store.SearchAsync(
            tenant, new SearchQuery(SearchTerms.Read(query)!, session, before, limit), CancellationToken.None)
        .InTime();
}
