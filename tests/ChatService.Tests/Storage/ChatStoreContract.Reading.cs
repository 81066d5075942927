using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(4, 5)]
    [InlineData(9, 10)]
    public async Task ReadEvents_AfterASequence_WhatFollowsAcrossChunks(long after, long firstRead)
    {
        var turn = await ChunkedAsync();

        Assert.Equal(Sample.Tokens(firstRead, 10), await EventsAsync(turn, after));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(long.MaxValue)]
    public async Task ReadEvents_AtOrBeyondTheEnd_Nothing(long after)
    {
        var turn = await ChunkedAsync();

        Assert.Empty(await EventsAsync(turn, after));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task ReadEvents_InSteps_EveryEventOnceInOrder(int limit)
    {
        var turn = await ChunkedAsync();
        var read = new List<StreamChatResponse>();
        for (var next = await EventsAsync(turn, 0, limit);
             next.Count > 0;
             next = await EventsAsync(turn, read[^1].Sequence, limit))
        {
            // No chunk here is longer than 5.
            Assert.InRange(next.Count, 1, limit + 5);
            read.AddRange(next);
        }

        Assert.Equal(Sample.Tokens(1, 10), read);
    }

    [Fact]
    public async Task ReadEvents_TwoStreams_DoNotMix()
    {
        var (one, two) = (await OpenedAsync("one"), await OpenedAsync("two"));
        _ = await CommitAsync(Sample.Write(one, 1, 2), Sample.Write(two, 1, 3));

        Assert.Equal(2, (await EventsAsync(one)).Count);
        Assert.Equal(3, (await EventsAsync(two)).Count);
        Assert.Empty(await EventsAsync(Sample.Turn("three")));
    }

    [Theory]
    [InlineData(1, new[] { "Three" })]
    [InlineData(2, new[] { "2", "Three" })]
    [InlineData(4, new[] { "1", "Two", "2", "Three" })]
    [InlineData(5, new[] { "One", "1", "Two", "2", "Three" })]
    [InlineData(200, new[] { "One", "1", "Two", "2", "Three" })]
    public async Task ReadBranch_Limit_TheNewestOldestFirst(int limit, string[] texts)
    {
        _ = await AnsweredAsync(text: "One", answer: "1");
        _ = await AnsweredAsync(text: "Two", answer: "2");
        var last = await AnsweredAsync(text: "Three", answer: "3");

        Assert.Equal(texts, Texts(await BranchAsync(last.Stream.UserMessageId, limit)));
    }

    [Fact]
    public async Task ReadBranch_OtherTenantOrSessionOrNothing_Empty()
    {
        var turn = await AnsweredAsync();
        _ = await AnsweredAsync(session: "other");

        Assert.Empty(await BranchAsync(turn.Stream.MessageId, tenant: "foreign"));
        Assert.Empty(await BranchAsync(turn.Stream.MessageId, session: "other"));
        Assert.Empty(await BranchAsync("nothing"));
    }

    [Fact]
    public async Task FindStream_OtherTenant_LikeNone()
    {
        var turn = await OpenedAsync();

        Assert.Null(await FindAsync(turn, "foreign"));
        Assert.Null(await FindAsync(Sample.Turn("session")));
    }

    [Fact]
    public async Task ListOpen_StreamsOfAllTenants_AsTheyAre()
    {
        var running = await OpenedAsync("one");
        var foreign = await OpenedAsync("one", "foreign");
        _ = await AnsweredAsync("two");
        _ = await CommitAsync(Sample.Write(running, 1, 3));

        _ = await OpenAsync(Sample.Turn("three") with { Owner = "another" });

        var open = await _store.ListOpenAsync(Sample.Owner, CancellationToken.None).InTime();

        Assert.Equal(
            new[] { running.Stream with { LastSequence = 3 }, foreign.Stream }.OrderBy(stream => stream.StreamId),
            open.Select(turn => turn.Stream).OrderBy(stream => stream.StreamId));
    }

    [Fact]
    public async Task Follow_StreamsAndPlaces_WhereTheyAreAndWhatFollows()
    {
        var running = await ChunkedAsync();
        var foreign = await OpenedAsync("one", "foreign");
        var done = await AnsweredAsync("two");

        var found = await _store.FollowAsync(
            [
                new(running.Stream.StreamId, 2), new(foreign.Stream.StreamId, 0), new(done.Stream.StreamId, 1),
                new("none", 0),
            ],
            CancellationToken.None).InTime();

        Assert.Equal(
            new[]
            {
                (running.Stream.StreamId, true, 10L), (foreign.Stream.StreamId, true, 0L),
                (done.Stream.StreamId, false, 1L),
            }.Order(),
            found.Select(stream => (stream.StreamId, stream.IsOpen, stream.LastSequence)).Order());
        Assert.All(found, stream => Assert.Equal(1, stream.Epoch));
        Assert.Equal(
            Sample.Tokens(3, 10), found.Single(stream => stream.StreamId == running.Stream.StreamId).Events);
        Assert.Equal(8, found.Sum(stream => stream.Events.Count));
    }

    [Fact]
    public async Task Follow_MoreThanOnePage_TheRestFromWhereItEnds()
    {
        var turn = await OpenedAsync();
        for (var i = 1; i <= 12; i++)
        {
            _ = await CommitAsync(Sample.Write(turn, i, i));
        }

        var events = new List<StreamChatResponse>();
        while (events.Count < 12)
        {
            var found = await _store.FollowAsync(
                [new(turn.Stream.StreamId, events.Count)], CancellationToken.None).InTime();
            Assert.NotEmpty(found[0].Events);
            events.AddRange(found[0].Events);
        }

        Assert.Equal(Sample.Tokens(1, 12), events);
    }

    [Fact]
    public async Task Reopen_AfterCommits_EverythingIsThere()
    {
        var done = await AnsweredAsync(text: "One", answer: "1");
        var running = Sample.Turn("session", text: "Two") with { ClientRequestId = "request" };
        _ = await OpenAsync(running);
        _ = await CommitAsync(Sample.Write(running, 1, 2));

        _store = await ReopenAsync();

        Assert.Equal(done.Stream with { LastSequence = 1, State = StreamState.Completed }, await FindAsync(done));
        Assert.Equal([running.Stream.StreamId], await RunningAsync());
        Assert.Equal(Sample.Tokens(1, 2), await EventsAsync(running));
        Assert.Equal(["One", "1", "Two", ""], Texts(await BranchAsync(running.Stream.MessageId)));
        Assert.Equal(
            OpenOutcome.SentBefore,
            (await OpenAsync(Sample.Turn("third") with { ClientRequestId = "request" })).Outcome);
        Assert.Equal(OpenOutcome.SessionBusy, (await OpenAsync(Sample.Turn("session"))).Outcome);
        Assert.Equal([WriteOutcome.Committed], await CommitAsync(Sample.Close(running, 3, 3)));
    }

    /// <summary>Ten events in chunks of 3, 1, 5 and 1.</summary>
    private async Task<NewTurn> ChunkedAsync()
    {
        var turn = await OpenedAsync();
        _ = await CommitAsync(Sample.Write(turn, 1, 3), Sample.Write(turn, 4, 4));
        _ = await CommitAsync(Sample.Write(turn, 5, 9));
        _ = await CommitAsync(Sample.Write(turn, 10, 10));
        return turn;
    }
}
