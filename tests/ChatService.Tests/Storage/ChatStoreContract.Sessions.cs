using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    [Fact]
    public async Task FindSession_RunningThenEnded_TellsWhereItStands()
    {
        var turn = await OpenedAsync();
        var running = await SessionAsync();
        _ = await CommitAsync(Sample.Close(turn, 1, 1));

        Assert.Equal(
            new SessionRecord(
                "session", "Hello", Sample.Noon, Sample.Noon, turn.Stream.MessageId, turn.Stream.StreamId, 1),
            running);
        Assert.Equal(
            running! with { UpdatedAt = Sample.Noon.AddMinutes(1), RunningStreamId = null, Revision = 2 },
            await SessionAsync());
    }

    [Fact]
    public async Task FindSession_AbsentOrForeign_Null()
    {
        _ = await OpenedAsync();

        Assert.Null(await SessionAsync("absent"));
        Assert.Null(await SessionAsync(tenant: "foreign"));
    }

    [Fact]
    public async Task OpenTurn_MoreMessages_KeepTheFirstTitleAndMoveTheHead()
    {
        _ = await AnsweredAsync(text: "First\nline");
        var second = await AnsweredAsync(text: "Second");

        var session = await SessionAsync();
        Assert.Equal(("First", second.Stream.MessageId), (session!.Title, session.HeadMessageId));
    }

    [Fact]
    public async Task OpenTurn_ClockWentBack_TheSessionDoesNot()
    {
        _ = await AnsweredAsync();
        var turn = Sample.Turn("session");
        _ = await OpenAsync(turn with { Stream = turn.Stream with { CreatedAt = Sample.Noon.AddHours(-1) } });
        _ = await CommitAsync(Sample.Write(turn, 1, 1) with
        {
            Closing = Sample.Closing() with { EndedAt = Sample.Noon.AddHours(-1) },
        });
        _ = await RenameAsync("session", "Renamed", Sample.Noon.AddHours(-1));

        Assert.Equal(Sample.Noon.AddMinutes(1), (await SessionAsync())!.UpdatedAt);
    }

    [Fact]
    public async Task RenameSession_Known_HasTheTitleAndComesFirst()
    {
        _ = await AnsweredAsync("one");
        _ = await AnsweredAsync("two");
        var before = await SessionAsync("one");
        var at = Sample.Noon.AddHours(1);

        var renamed = await RenameAsync("one", "é 😀 ; DROP TABLE session", at);
        _ = await AnsweredAsync("one");

        Assert.Equal(before! with { Title = "é 😀 ; DROP TABLE session", UpdatedAt = at, Revision = 3 }, renamed);
        Assert.Equal(renamed!.Title, (await SessionAsync("one"))!.Title);
        Assert.Equal(["one", "two"], (await ListAsync()).Sessions.Select(session => session.SessionId));
    }

    [Fact]
    public async Task RenameSession_AbsentOrForeign_NullAndNothingChanges()
    {
        _ = await AnsweredAsync();
        var before = await SessionAsync();

        Assert.Null(await RenameAsync("absent", "x", Sample.Noon.AddHours(1)));
        Assert.Null(await RenameAsync("session", "x", Sample.Noon.AddHours(1), tenant: "foreign"));
        Assert.Equal(before, await SessionAsync());
    }

    [Fact]
    public async Task ListSessions_InPages_AllOfTheTenantNewestUpdateFirst()
    {
        // Every third at the same time: there the greater id comes first.
        for (var i = 0; i < 25; i++)
        {
            var turn = Sample.Turn($"s{i:00}");
            _ = await OpenAsync(
                turn with { Stream = turn.Stream with { CreatedAt = Sample.Noon.AddSeconds(i / 3) } });
            _ = await OpenedAsync($"s{i:00}", tenant: "foreign");
        }

        var pages = await PagesAsync(10);

        Assert.Equal([10, 10, 5], pages.Select(page => page.Sessions.Count));
        Assert.Equal([true, true, false], pages.Select(page => page.HasMore));
        Assert.Equal(
            Enumerable.Range(0, 25).Reverse().Select(i => $"s{i:00}"),
            pages.SelectMany(page => page.Sessions).Select(session => session.SessionId));
        Assert.False((await ListAsync(limit: 25)).HasMore);
        Assert.All(pages.SelectMany(page => page.Sessions), session => Assert.NotNull(session.RunningStreamId));
    }

    [Fact]
    public async Task ListSessions_ChangesBetweenPages_NoneTwiceAndNoOtherMissing()
    {
        for (var i = 0; i < 20; i++)
        {
            var turn = Sample.Turn($"s{i:00}");
            _ = await OpenAsync(turn with { Stream = turn.Stream with { CreatedAt = Sample.Noon.AddSeconds(i) } });
        }

        var seen = new List<string>();
        SessionPage? page = null;
        for (var i = 0; page is not { HasMore: false }; i++)
        {
            page = await ListAsync(page is null ? null : Place(page.Sessions[^1]), 3);
            seen.AddRange(page.Sessions.Select(session => session.SessionId));

            // One that was given, one that was not yet, and a new one.
            _ = await RenameAsync(seen[0], "given", Sample.Noon.AddHours(1 + i));
            _ = await RenameAsync("s00", "to come", Sample.Noon.AddHours(1 + i));
            var late = Sample.Turn($"late{i}");
            _ = await OpenAsync(late with { Stream = late.Stream with { CreatedAt = Sample.Noon.AddHours(1 + i) } });
        }

        Assert.Equal(Enumerable.Range(1, 19).Reverse().Select(i => $"s{i:00}"), seen);
    }

    [Fact]
    public async Task ListSessions_NoSessions_AnEmptyLastPage()
    {
        var page = await ListAsync();

        Assert.Empty(page.Sessions);
        Assert.False(page.HasMore);
    }

    [Fact]
    public async Task DeleteSession_Known_NothingOfItIsLeftAndNothingElseIsGone()
    {
        var kept = await AnsweredAsync("kept");
        var foreign = await OpenedAsync(tenant: "foreign");
        var before = await CountAsync();
        var first = Sample.Turn("session") with { ClientRequestId = "request" };
        _ = await OpenAsync(first);
        _ = await CommitAsync(Sample.Write(first, 1, 2), Sample.Close(first, 3, 3));
        _ = await AnsweredAsync(parent: first.Stream.UserMessageId);

        Assert.Equal(new DeleteResult(DeleteOutcome.Deleted), await DeleteAsync());

        Assert.Equal(before, await CountAsync());
        Assert.Null(await SessionAsync());
        Assert.Null(await FindAsync(first));
        Assert.Empty(await EventsAsync(first));
        Assert.Equal(["Hello", "An answer"], Texts(await BranchAsync(kept.Stream.MessageId, session: "kept")));
        Assert.NotNull(await FindAsync(foreign, tenant: "foreign"));
        Assert.Equal(DeleteOutcome.NotFound, (await DeleteAsync()).Outcome);
    }

    [Fact]
    public async Task DeleteSession_ThenTheSameIds_AreANewSession()
    {
        var first = Sample.Turn("session") with { ClientRequestId = "request" };
        _ = await OpenAsync(first);
        _ = await CommitAsync(Sample.Close(first, 1, 1));
        _ = await DeleteAsync();

        var again = Sample.Turn("session", text: "Again") with { ClientRequestId = "request" };

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(again)).Outcome);
        Assert.Equal("Again", (await SessionAsync())!.Title);
        Assert.Equal(["Again", ""], Texts(await BranchAsync(again.Stream.MessageId)));
    }

    [Fact]
    public async Task DeleteSession_Running_BusyAndNothingIsGone()
    {
        var turn = await OpenedAsync();
        var before = await CountAsync();

        var result = await DeleteAsync();

        Assert.Equal(new DeleteResult(DeleteOutcome.SessionBusy, turn.Stream.StreamId), result);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task DeleteSession_ForeignOrAbsent_NotFoundAndNothingIsGone()
    {
        _ = await AnsweredAsync();
        var before = await CountAsync();

        Assert.Equal(new DeleteResult(DeleteOutcome.NotFound), await DeleteAsync(tenant: "foreign"));
        Assert.Equal(new DeleteResult(DeleteOutcome.NotFound), await DeleteAsync("absent"));
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Delete_LogsExpired_LeavesNothingOfThem()
    {
        _ = await AnsweredAsync();
        Assert.Equal(1, await _store.ExpireLogsAsync(DateTimeOffset.MaxValue, 10, CancellationToken.None).InTime());

        Assert.Equal(new DeleteResult(DeleteOutcome.Deleted), await DeleteAsync());

        Assert.Equal(new RowCounts(0, 0, 0, 0), await CountAsync());
    }

    [Fact]
    public async Task Commit_SessionDeleted_FencedAndItStaysGone()
    {
        var turn = await AnsweredAsync();
        _ = await DeleteAsync();

        Assert.Equal([WriteOutcome.Fenced], await CommitAsync(Sample.Close(turn, 2, 2)));
        Assert.Equal(new RowCounts(0, 0, 0, 0), await CountAsync());
    }

    private async Task<List<SessionPage>> PagesAsync(int limit)
    {
        List<SessionPage> pages = [await ListAsync(limit: limit)];
        while (pages[^1].HasMore)
        {
            pages.Add(await ListAsync(Place(pages[^1].Sessions[^1]), limit));
        }

        return pages;
    }

    private static SessionPlace Place(SessionRecord last) => new(last.UpdatedAt, last.SessionId);

    private Task<SessionRecord?> SessionAsync(string session = "session", string tenant = Sample.Tenant) =>
        _store.FindSessionAsync(tenant, session, CancellationToken.None).InTime();

    private Task<SessionPage> ListAsync(SessionPlace? after = null, int limit = 50) =>
        _store.ListSessionsAsync(Sample.Tenant, after, limit, CancellationToken.None).InTime();

    private Task<SessionRecord?> RenameAsync(
        string session, string title, DateTimeOffset at, string tenant = Sample.Tenant) =>
        _store.RenameSessionAsync(tenant, session, title, at, CancellationToken.None).InTime();

    private Task<DeleteResult> DeleteAsync(string session = "session", string tenant = Sample.Tenant) =>
        _store.DeleteSessionAsync(tenant, session, CancellationToken.None).InTime();
}
