using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    [Fact]
    public async Task OpenTurn_BusySessionAndMayWait_QueuedBehindTheOthers()
    {
        var running = await OpenedAsync();
        var first = Waiting();
        var second = Waiting();
        var tooMany = Waiting(behind: 2);

        Assert.Equal(new OpenResult(OpenOutcome.Queued, first.Stream.StreamId, 1), await OpenAsync(first));
        Assert.Equal(new OpenResult(OpenOutcome.Queued, second.Stream.StreamId, 2), await OpenAsync(second));
        Assert.Equal(new OpenResult(OpenOutcome.QueueFull, running.Stream.StreamId), await OpenAsync(tooMany));
        Assert.Equal(
            new OpenResult(OpenOutcome.SessionBusy, running.Stream.StreamId), await OpenAsync(Sample.Turn("session")));

        Assert.Equal(StreamState.Queued, (await GetAsync(first)).State);
        Assert.Null(await FindAsync(tooMany));
        Assert.Equal(
            [running.Stream.StreamId, first.Stream.StreamId, second.Stream.StreamId], await StreamsAsync("session"));
        Assert.Equal([running.Stream.StreamId], await RunningAsync());
        Assert.Equal(
            [StreamState.Queued, StreamState.Completed, StreamState.Running],
            (await BranchAsync(first.Stream.MessageId)).Reverse().Take(3).Select(message => message.Status));
    }

    [Fact]
    public async Task OpenTurn_OnlyLookedFor_FoundIfSentBeforeAndElseNothingWritten()
    {
        var lookedFor = Waiting(behind: -1) with { ClientRequestId = "request" };

        Assert.Equal(new OpenResult(OpenOutcome.QueueFull, ""), await OpenAsync(lookedFor));
        Assert.Equal(new RowCounts(0, 0, 0, 0), await CountAsync());

        var sent = Sample.Turn("session") with { ClientRequestId = "request" };
        _ = await OpenAsync(sent);
        Assert.Equal(new OpenResult(OpenOutcome.SentBefore, sent.Stream.StreamId), await OpenAsync(lookedFor));
    }

    [Fact]
    public async Task Commit_ClosingWithTurnsWaiting_TheFirstRuns()
    {
        var running = await OpenedAsync();
        var (first, second) = (Waiting(), Waiting());
        _ = await OpenAsync(first);
        _ = await OpenAsync(second);

        Assert.Equal(first.Stream.StreamId, await PromotedByAsync(Sample.Close(running, 1, 1)));

        Assert.Equal(StreamState.Running, (await GetAsync(first)).State);
        Assert.Equal(StreamState.Queued, (await GetAsync(second)).State);
        Assert.Equal(StreamState.Running, (await BranchAsync(first.Stream.MessageId, 1))[0].Status);

        // One that waits may end as well; then nothing is promoted, for another one runs.
        Assert.Null(await PromotedByAsync(Sample.Close(second, 1, 1, state: StreamState.Cancelled)));
        Assert.Null(await PromotedByAsync(Sample.Close(first, 1, 1)));
        Assert.Equal([second.Stream.StreamId], await StreamsAsync("session"));
    }

    [Fact]
    public async Task Commit_ClosingThatPromotesNone_TheyWaitUntilTheyArePromoted()
    {
        var running = await OpenedAsync();
        var (first, second) = (Waiting(), Waiting());
        _ = await OpenAsync(first);
        _ = await OpenAsync(second);
        var closing = Sample.Close(running, 1, 1);

        Assert.Null(await PromotedByAsync(closing with { Closing = closing.Closing! with { PromotesNext = false } }));
        Assert.Equal(StreamState.Queued, (await GetAsync(first)).State);

        _store = await ReopenAsync();
        Assert.Equal([first.Stream.StreamId, second.Stream.StreamId], await OpenAsync(StreamState.Queued));
        for (var i = 0; i < 2; i++)
        {
            var own = await PromoteAsync(first, second, running);
            Assert.Equal(
                [(first.Stream.StreamId, StreamState.Running), (second.Stream.StreamId, StreamState.Queued)],
                own.Select(each => (each.Key, each.Value)).OrderByDescending(each => each.Value));
        }

        Assert.Equal(StreamState.Running, (await GetAsync(first)).State);
    }

    [Fact]
    public async Task OpenTurn_CarryingOn_AnotherAnswerToTheSameMessage()
    {
        var cut = Sample.Turn("session");
        _ = await OpenAsync(cut);
        _ = await CommitAsync(Sample.Close(cut, 1, 1, "Half an", StreamState.Interrupted));
        var next = CarryingOn(cut);

        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(next)).Outcome);

        Assert.Equal(next.Stream, await GetAsync(next));
        Assert.Equal(3, (await CountAsync()).Messages);
        Assert.Equal(["Hello", ""], Texts(await BranchAsync(next.Stream.MessageId)));
        Assert.Equal(next.Stream.MessageId, (await SessionAsync())!.HeadMessageId);
    }

    [Fact]
    public async Task OpenTurn_CarryingOnWhatIsGone_NothingWritten()
    {
        var gone = Sample.Turn("session");

        Assert.Equal(new OpenResult(OpenOutcome.ParentNotFound, ""), await OpenAsync(CarryingOn(gone)));

        Assert.Equal(new RowCounts(0, 0, 0, 0), await CountAsync());
    }

    [Fact]
    public async Task DeleteSession_WithATurnWaiting_Busy()
    {
        var running = await OpenedAsync();
        var waiting = Waiting();
        _ = await OpenAsync(waiting);
        var closing = Sample.Close(running, 1, 1);
        _ = await PromotedByAsync(closing with { Closing = closing.Closing! with { PromotesNext = false } });

        Assert.Equal(
            new DeleteResult(DeleteOutcome.SessionBusy, waiting.Stream.StreamId),
            await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime());
    }

    [Fact]
    public async Task FindFence_Takeovers_TheLastSequenceOfEachEpoch()
    {
        var turn = await OpenedAsync();
        _ = await CommitAsync(Sample.Write(turn, 1, 3));
        _ = await CommitAsync(Sample.Write(turn, 4, 5) with { NewEpoch = 2 });
        _ = await CommitAsync(Sample.Close(turn, 6, 6) with { Epoch = 2, NewEpoch = 4 });

        var fences = new List<long>();
        for (var epoch = 0; epoch <= 5; epoch++)
        {
            fences.Add(await _store.FindFenceAsync(
                Sample.Tenant, turn.Stream.StreamId, epoch, CancellationToken.None).InTime());
        }

        Assert.Equal([0, 3, 5, 5, 6, 6], fences);
        Assert.Equal(0, await _store.FindFenceAsync(Sample.Tenant, "none", 1, CancellationToken.None).InTime());
    }

    [Fact]
    public async Task ExpireLogs_EndedLongAgo_EventsAndClaimGoAndTheMessageStays()
    {
        var old = Sample.Turn("old") with { ClientRequestId = "old" };
        _ = await OpenAsync(old);
        _ = await CommitAsync(Sample.Close(old, 1, 3));
        var running = await OpenedAsync("running");
        _ = await CommitAsync(Sample.Write(running, 1, 1));
        var ended = Sample.Noon.AddMinutes(1);

        Assert.Equal(0, await _store.ExpireLogsAsync(ended, 10, CancellationToken.None).InTime());
        Assert.Equal(1, await _store.ExpireLogsAsync(ended.AddMilliseconds(1), 10, CancellationToken.None).InTime());
        Assert.Equal(0, await _store.ExpireLogsAsync(DateTimeOffset.MaxValue, 10, CancellationToken.None).InTime());

        Assert.False((await GetAsync(old)).HasLog);
        Assert.Empty(await EventsAsync(old));
        Assert.Equal(["Hello", "An answer"], Texts(await BranchAsync(old.Stream.MessageId, session: "old")));
        Assert.Single(await EventsAsync(running));
        Assert.Null(
            await _store.FindStreamOfRequestAsync(Sample.Tenant, "old", CancellationToken.None).InTime());
        Assert.Equal(
            OpenOutcome.Opened, (await OpenAsync(Sample.Turn("new") with { ClientRequestId = "old" })).Outcome);
    }

    [Fact]
    public async Task FindStreamOfRequest_KnownOrForeign_TheStreamOrNull()
    {
        var turn = Sample.Turn("session") with { ClientRequestId = "request" };
        _ = await OpenAsync(turn);

        Assert.Equal(
            turn.Stream, await _store.FindStreamOfRequestAsync(Sample.Tenant, "request", CancellationToken.None));
        Assert.Null(await _store.FindStreamOfRequestAsync("foreign", "request", CancellationToken.None).InTime());
        Assert.Null(await _store.FindStreamOfRequestAsync(Sample.Tenant, "other", CancellationToken.None).InTime());
    }

    [Fact]
    public async Task ListSessionStreams_NoneOpen_TheNewest()
    {
        _ = await AnsweredAsync();
        var newest = await AnsweredAsync();

        Assert.Equal([newest.Stream.StreamId], await StreamsAsync("session"));
        Assert.Empty(await StreamsAsync("absent"));
        Assert.Empty(await StreamsAsync("session", "foreign"));
    }

    private static NewTurn Waiting(int behind = 16) => Sample.Turn("session") with { MaxTurnsAhead = behind };

    private static NewTurn CarryingOn(NewTurn cut)
    {
        var next = Sample.Turn("session");
        return next with
        {
            Stream = next.Stream with
            {
                UserMessageId = cut.Stream.UserMessageId,
                ContinuesStreamId = cut.Stream.StreamId,
            },
        };
    }

    private async Task<string?> PromotedByAsync(TurnWrite write) =>
        Assert.Single(await _store.CommitAsync([write], CancellationToken.None).InTime()).PromotedStreamId;

    private async Task<string[]> StreamsAsync(string session, string tenant = Sample.Tenant) =>
    [
        .. (await _store.ListSessionStreamsAsync(tenant, session, CancellationToken.None).InTime())
            .Select(stream => stream.StreamId),
    ];
}
