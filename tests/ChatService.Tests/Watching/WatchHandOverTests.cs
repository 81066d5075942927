using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Watching;

/// <summary>Watchers that see a turn from several processes, also while one takes it over from another.</summary>
public sealed class WatchHandOverTests
{
    // Where the clock is let run until something is seen, it runs faster than who works on it.
    private readonly TurnOptions _options = new()
    {
        ClosingCommit = TimeSpan.FromDays(1),
        FirstToken = TimeSpan.FromDays(1),
        Stall = TimeSpan.FromDays(1),
        Total = TimeSpan.FromDays(1),
    };

    [Fact]
    public async Task Adopt_WatchedFromAThirdProcess_GoesOnInTheNewEpoch()
    {
        await using var owner = new TurnScene(_options);
        await using var heir = new TurnScene(_options, beside: owner);
        await using var third = new TurnScene(_options, beside: owner);
        var turn = await owner.StartAsync(Asking());
        await using var watch = new Watch(third);
        await third.PassTimeUntilAsync(watch.UntilAsync(IsWaiting));
        await third.PassTimeUntilAsync(watch.UntilSeenAsync(IsCall));

        await heir.Takeover.LookAsync(CancellationToken.None).InTime();
        await GiveAsync(heir, watch);
        await third.PassTimeUntilAsync(watch.UntilIdleAsync());

        await CheckAsync(third, watch, turn, withdrawn: 0);
    }

    [Fact]
    public async Task Adopt_WatchedWhereItWasLost_GoesOnWithoutWhatWasNotSaved()
    {
        await using var owner = new TurnScene(_options);
        await using var heir = new TurnScene(_options, beside: owner);
        owner.Store.IsShared = true;
        owner.ExpectErrors();
        await using var watch = new Watch(owner);
        var turn = await owner.StartAsync(Asking());
        _ = await watch.UntilAsync(IsWaiting);
        await watch.UntilSeenAsync(IsCall);
        await heir.Takeover.LookAsync(CancellationToken.None).InTime();

        // Its old owner does not know yet, and shows what nobody will ever commit.
        owner.Store.Close();
        var refused = GiveAsync(owner, watch);
        var result = await watch.UntilAsync(told => told.TurnEvent?.Event.ToolResult is not null);
        owner.Store.Open();
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.SessionInfo?.Epoch == 2);
        await GiveAsync(heir, watch);
        await owner.PassTimeUntilAsync(watch.UntilIdleAsync());

        await owner.PassTimeUntilAsync(Task.WhenAny(refused));
        await CheckAsync(owner, watch, turn, withdrawn: result.TurnEvent.Event.Sequence);
    }

    [Fact]
    public async Task Adopt_WatchedWhereItComesTo_GoesOnInTheNewEpoch()
    {
        await using var owner = new TurnScene(_options);
        await using var heir = new TurnScene(_options, beside: owner);
        var turn = await owner.StartAsync(Asking());
        await using var watch = new Watch(heir);
        await heir.PassTimeUntilAsync(watch.UntilAsync(IsWaiting));
        await heir.PassTimeUntilAsync(watch.UntilSeenAsync(IsCall));

        await heir.Takeover.LookAsync(CancellationToken.None).InTime();
        await GiveAsync(heir, watch);
        await heir.PassTimeUntilAsync(watch.UntilIdleAsync());

        await CheckAsync(heir, watch, turn, withdrawn: 0);
    }

    [Fact]
    public async Task Adopt_WatchedWhereTheServiceStops_GoesOnInTheNewEpoch()
    {
        await using var owner = new TurnScene(_options);
        await using var heir = new TurnScene(_options, beside: owner);
        owner.Store.IsShared = true;
        var turn = await owner.StartAsync(Asking());
        await using var watch = new Watch(owner);
        _ = await watch.UntilAsync(IsWaiting);
        await watch.UntilSeenAsync(IsCall);

        _ = await owner.Registry.LeaveWaitingAsync();
        await heir.Takeover.LookAsync(CancellationToken.None).InTime();
        await GiveAsync(heir, watch);
        await owner.PassTimeUntilAsync(watch.UntilIdleAsync());

        await CheckAsync(owner, watch, turn, withdrawn: 0);
    }

    [Fact]
    public async Task Cursor_OfALaterEpoch_IsNotAnsweredByWhoHasLostTheTurnUnheard()
    {
        await using var owner = new TurnScene(_options);
        await using var heir = new TurnScene(_options, beside: owner);
        owner.Store.IsShared = true;
        owner.ExpectErrors();
        var turn = await owner.StartAsync(Asking());
        await using var first = new Watch(heir);
        await heir.PassTimeUntilAsync(first.UntilAsync(IsWaiting));
        await heir.PassTimeUntilAsync(first.UntilSeenAsync(IsCall));
        await heir.Takeover.LookAsync(CancellationToken.None).InTime();
        await heir.PassTimeUntilAsync(first.UntilAsync(told => told.TurnEvent?.Event.SessionInfo?.Epoch == 2));

        await using var watch = new Watch(owner, cursor: first.Responses[^1].Cursor);
        await GiveAsync(heir, first);
        await owner.PassTimeUntilAsync(watch.UntilIdleAsync());

        var told = watch.Responses.Where(told => told.TurnEvent is not null).Select(told => told.TurnEvent.Event)
            .ToList();
        Assert.All(told.Where(e => e.SessionInfo is not null), e => Assert.Equal(2, e.SessionInfo.Epoch));
        Assert.NotNull(told[^1].StreamEnd);
        Assert.False(turn.Completion.IsCompleted);
    }

    [Fact]
    public async Task Abandon_WhereTheTurnIsLostUnheard_IsWishedOfWhoHasIt()
    {
        await using var owner = new TurnScene(_options);
        await using var heir = new TurnScene(_options, beside: owner);
        owner.Store.IsShared = true;
        owner.ExpectErrors();
        var wished = new TaskCompletionSource<TurnWish>(TaskCreationOptions.RunContinuationsAsynchronously);
        owner.Store.Wished = wish => wished.TrySetResult(wish);
        await using var watch = new Watch(owner);
        var turn = await owner.StartAsync(Asking());
        _ = await watch.UntilAsync(IsWaiting);
        await heir.Takeover.LookAsync(CancellationToken.None).InTime();

        owner.Cancelling.Abandon(TurnScene.Tenant, turn.Record.StreamId);
        await owner.PassTimeUntilAsync(wished.Task);

        Assert.Equal(
            new TurnWish(TurnScene.Tenant, turn.Record.StreamId, WishKind.Abandon), await wished.Task);
    }

    [Fact]
    public async Task Lost_AndStillKnownHere_IsReadFromTheStore()
    {
        await using var owner = new TurnScene(_options);
        var turn = await owner.StartAsync("/demo hang after=3 rate=max");
        await using var watch = new Watch(owner);
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Sequence == 3);
        await turn.Log.SavedAsync(3).InTime();

        turn.Log.Lose(TurnFailures.OwnerLost);

        Assert.Equal(3, (await watch.NextAsync())!.TurnEvent.Event.SessionInfo.ResumedAfter);
        Assert.True(watch.IsQuiet());
        _ = await owner.CancelAsync(turn);
        await owner.PassTimeUntilAsync(watch.UntilIdleAsync());
        Assert.Equal(
            await owner.StoredEventsAsync(turn.Record.StreamId),
            WatchedView.Of(watch.Responses).EventsOf(turn.Record.StreamId));
    }

    [Fact]
    public async Task Cursor_OfEventsNotSavedYet_IsWaitedForElsewhere()
    {
        await using var owner = new TurnScene(_options);
        await using var other = new TurnScene(_options, beside: owner);
        owner.Store.Close();
        var turn = await owner.StartAsync("/demo hang after=3 rate=max");
        string cursor;
        await using (var first = new Watch(owner))
        {
            cursor = (await first.UntilAsync(told => told.TurnEvent?.Event.Sequence == 3)).Cursor;
        }

        await using var second = new Watch(other, cursor: cursor);
        var info = await second.UntilAsync(told => told.TurnEvent is not null);
        Assert.Equal(3, info.TurnEvent.Event.SessionInfo.ResumedAfter);

        owner.Store.Open();
        _ = await owner.CancelAsync(turn);
        await other.PassTimeUntilAsync(second.UntilIdleAsync());
        var stored = await other.StoredEventsAsync(turn.Record.StreamId);
        Assert.Equal(
            stored.Skip(3),
            second.Responses.Where(told => told.TurnEvent?.Event.Sequence > 0).Select(told => told.TurnEvent.Event));
    }

    // All of it, each event once but what was withdrawn.
    private static async Task CheckAsync(TurnScene scene, Watch watch, Turn turn, long withdrawn)
    {
        var stored = await scene.StoredEventsAsync(turn.Record.StreamId);
        Assert.Equal(stored, WatchedView.Of(watch.Responses).EventsOf(turn.Record.StreamId));
        var events = watch.Responses.Where(told => told.TurnEvent is not null).Select(told => told.TurnEvent.Event)
            .ToList();
        var infos = events.Where(e => e.SessionInfo is not null).Select(e => e.SessionInfo).ToList();
        Assert.Equal([1, 2], infos.Select(info => info.Epoch));
        var before = events.TakeWhile(e => e.SessionInfo?.Epoch != 2).Last().Sequence;
        Assert.True(withdrawn == 0 ? infos[1].ResumedAfter == before : infos[1].ResumedAfter < withdrawn);
        Assert.Equal(
            StreamState.Completed, watch.Responses.Last(told => told.Message is not null).Message.State);
    }

    private static bool IsWaiting(WatchSessionResponse told) => told.Message?.State == StreamState.Waiting;

    private static bool IsCall(WatchSessionResponse told) =>
        told.TurnEvent?.Event.ToolCall?.ArgumentsJson.Length > 0;

    private static async Task GiveAsync(TurnScene scene, Watch watch)
    {
        var call = watch.Responses.First(IsCall).TurnEvent;
        var taken = await scene.Results.TakeAsync(
            TurnScene.Tenant, call.StreamId, new ToolResult { Id = call.Event.ToolCall.Id, Text = "a cat" },
            CancellationToken.None).InTime();
        Assert.Null(taken.Failure);
    }

    private static StreamChatRequest Asking() => new()
    {
        Message = "/demo call=look rate=max",
        SessionId = "session",
        Tools = new ToolSelection { ClientTools = { new ClientTool { Name = "look" } } },
    };
}
