using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Watching;

/// <summary>What a watcher is told, and in which order.</summary>
public sealed class WatchOrderTests
{
    [Fact]
    public async Task Watch_FirstMessageOfASession_PlaceholderThenEventsThenTheAnswer()
    {
        await using var scene = new TurnScene();
        await using var watch = new Watch(scene);
        Assert.True(watch.IsQuiet());

        scene.Store.Close();
        var reading = scene.Read(await scene.StartAsync("/demo tokens=3 rate=max"));
        _ = await watch.UntilAsync(IsDone);
        scene.Store.Open();
        _ = await reading.ToEndAsync();
        _ = await watch.UntilIdleAsync();

        Assert.Equal(
            "Session User:COMPLETED Assistant:RUNNING SessionInfo Token Token Token Done ResponseSaved StreamEnd "
            + "Assistant:COMPLETED Session",
            Shape(watch));
        var told = watch.Responses;
        Assert.Equal(reading.Events, told.Where(one => one.TurnEvent is not null).Select(one => one.TurnEvent.Event));
        Assert.Equal(
            ("session", reading.Events[0].SessionInfo.StreamId),
            (told[0].Session.SessionId, told[0].Session.RunningStreamId));
        var (placeholder, answer) = (told[2].Message, told[^2].Message);
        Assert.Equal(("demo", 0), (placeholder.Author, placeholder.Parts.Count));
        Assert.Equal("alpha bravo charlie ", Assert.Single(answer.Parts).Text);
        Assert.Equal((FinishReason.Stop, true), (answer.FinishReason, answer.Usage is not null));
    }

    [Fact]
    public async Task Watch_TurnsAreOpen_BeginsWithTheirMessagesAndTheRunningTurnsEvents()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        _ = await scene.StartAsync("/demo hang after=2 rate=max");
        _ = await scene.StartAsync(Queued("One"));
        _ = await scene.StartAsync(Queued("Two"));

        await using var watch = new Watch(scene);
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Sequence == 2);

        Assert.Equal(
            "Session User:COMPLETED Assistant:RUNNING User:COMPLETED Assistant:QUEUED User:COMPLETED Assistant:QUEUED "
            + "SessionInfo Token Token",
            Shape(watch));
        Assert.Equal(
            ["/demo hang after=2 rate=max", "One", "Two"],
            watch.Responses.Where(told => told.Message?.Role == MessageRole.User)
                .Select(told => told.Message.Parts[0].Text));
        Assert.Empty(await watch.RestAsync());

        // There is no going on in the middle of the beginning.
        Assert.Equal(7, watch.Responses.TakeWhile(told => told.Cursor.Length == 0).Count() + 1);
    }

    [Fact]
    public async Task Watch_QuietSession_TellsItAloneAndGoesOn()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        await using var watch = new Watch(scene);

        Assert.Equal("", (await watch.NextAsync())!.Session.RunningStreamId);
        Assert.True(watch.IsQuiet());
        scene.Store.Close();
        _ = await scene.StartAsync("/demo tokens=1 rate=max");
        _ = await watch.UntilAsync(IsDone);
        scene.Store.Open();

        _ = await watch.UntilIdleAsync();
        Assert.Equal(
            "Session User:COMPLETED Assistant:RUNNING Session SessionInfo Token Done ResponseSaved StreamEnd "
            + "Assistant:COMPLETED Session",
            Shape(watch));
    }

    [Fact]
    public async Task Watch_QueueMovesUp_EachTurnAfterTheOneBeforeItIsTold()
    {
        await using var scene = new TurnScene();
        await using var watch = new Watch(scene);
        var running = await scene.StartAsync("/demo hang after=1 rate=max");
        var second = await scene.StartAsync(Queued("/demo hang after=1 rate=max"));
        var third = await scene.StartAsync(Queued("/demo hang after=1 rate=max"));
        var fourth = await scene.StartAsync(Queued("/demo hang after=1 rate=max"));
        _ = await watch.UntilAsync(told => told.Message?.MessageId == fourth.Record.MessageId);
        var before = watch.Responses.Count;

        _ = await scene.CancelAsync(third);
        _ = await watch.UntilAnsweredAsync();
        foreach (var turn in (Turn[])[running, second, fourth])
        {
            _ = await watch.UntilAsync(told => told.TurnEvent?.StreamId == turn.Record.StreamId);
            _ = await scene.CancelAsync(turn);
        }

        _ = await watch.UntilIdleAsync();

        var view = WatchedView.Of(watch.Responses);
        Assert.Equal(
            Enumerable.Repeat(StreamState.Cancelled, 4),
            view.Messages.Where(message => message.Role == MessageRole.Assistant).Select(message => message.State));

        // What never ran has a message and no events.
        Assert.Empty(view.EventsOf(third.Record.StreamId));
        Turn[] inOrder = [running, second, fourth];
        Assert.Equal(
            inOrder.Select(turn => turn.Record.StreamId),
            watch.Responses.Where(told => told.TurnEvent is not null).Select(told => told.TurnEvent.StreamId)
                .Distinct());
        foreach (var turn in inOrder)
        {
            Assert.Equal(
                await scene.StoredEventsAsync(turn.Record.StreamId), view.EventsOf(turn.Record.StreamId));
        }

        var rest = watch.Responses.Skip(before).ToList();
        var answered = rest.FindIndex(told => told.Message?.MessageId == running.Record.MessageId);
        var promoted = rest.FindIndex(told => told.Message?.MessageId == second.Record.MessageId);
        Assert.Equal(StreamState.Running, rest[promoted].Message.State);
        Assert.True(answered < promoted, "The next turn runs before the one before it is told.");
    }

    [Fact]
    public async Task Watch_FiftyOfThem_AllAreToldTheSame()
    {
        await using var scene = new TurnScene();
        var watches = Enumerable.Range(0, 50).Select(_ => new Watch(scene)).ToArray();
        Assert.All(watches, watch => Assert.True(watch.IsQuiet()));
        scene.Store.Close();
        _ = await scene.StartAsync("/demo tokens=200 rate=max");
        _ = await Task.WhenAll(watches.Select(watch => Task.Run(() => watch.UntilAsync(IsDone)))).InTime();
        scene.Store.Open();
        _ = await Task.WhenAll(watches.Select(watch => Task.Run(watch.UntilIdleAsync))).InTime();

        // The first one's responses, tokens and all, for everybody; only when a session is told depends on the moment.
        Assert.All(watches, watch => Assert.Equal(
            watches[0].Responses.Where(told => told.Session is null),
            watch.Responses.Where(told => told.Session is null)));
        Assert.Equal(203, WatchedView.Of(watches[0].Responses)
            .EventsOf(watches[0].Responses[1].Message.StreamId).Count);
        foreach (var watch in watches)
        {
            await watch.DisposeAsync();
        }
    }

    [Fact]
    public async Task Watch_SessionIsRenamed_TellsItsTitle()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        await using var watch = new Watch(scene);
        _ = await watch.NextAsync();

        _ = await scene.Store.RenameSessionAsync(
            TurnScene.Tenant, "session", "Another title", scene.Clock.GetUtcNow(), CancellationToken.None).InTime();
        scene.Signals.Changed(TurnScene.Tenant, "session");

        var renamed = await watch.NextAsync();
        Assert.Equal("Another title", renamed!.Session.Title);
        Assert.NotEqual("", renamed.Cursor);
    }

    [Fact]
    public async Task Watch_TwoSessionsInOneCall_EachAsIfAlone()
    {
        await using var scene = new TurnScene();
        await using var both = new Watch(
            scene, new WatchSessionRequest { SessionId = "a", Also = { new WatchedSession { SessionId = "b" } } });
        await using var alone = new Watch(scene, "b");
        Assert.True(both.IsQuiet() && alone.IsQuiet());
        scene.Store.Close();
        Turn[] turns =
        [
            await scene.StartAsync("/demo tokens=20 rate=max", "a"),
            await scene.StartAsync("/demo tokens=30 rate=max", "b"),
        ];
        await both.UntilSeenAsync(IsIntroduction("a"));
        await both.UntilSeenAsync(IsIntroduction("b"));
        await alone.UntilSeenAsync(IsIntroduction("b"));
        scene.Store.Open();
        _ = await alone.UntilIdleAsync();
        await both.UntilIdleAsync("a", "b");

        Assert.Equal(alone.Responses, both.Responses.Where(told => told.SessionId == "b"));
        var other = WatchedView.Of(both.Responses.Where(told => told.SessionId == "a"));
        Assert.Equal(
            await scene.StoredEventsAsync(turns[0].Record.StreamId), other.EventsOf(turns[0].Record.StreamId));
    }

    [Fact]
    public async Task Watch_SameIdOfAnotherTenant_HearsNothing()
    {
        await using var scene = new TurnScene();
        await using var other = new Watch(scene, tenant: "other");
        await using var own = new Watch(scene);

        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        _ = await own.UntilIdleAsync();

        await using var late = new Watch(scene, tenant: "other");
        Assert.Empty(await other.RestAsync());
        Assert.Empty(await late.RestAsync());
    }

    [Fact]
    public async Task Watch_Silence_AHeartbeatAfterEachInterval()
    {
        await using var scene = new TurnScene();
        await using var watch = new Watch(scene);
        Assert.True(watch.IsQuiet());
        for (var i = 0; i < 3; i++)
        {
            scene.Clock.Advance(scene.Options.Heartbeat - TimeSpan.FromMilliseconds(1));
            Assert.True(watch.IsQuiet());
            scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(
                new WatchSessionResponse { Heartbeat = new Heartbeat() }, await watch.NextAsync());
            Assert.True(watch.IsQuiet());
        }
    }

    private static bool IsDone(WatchSessionResponse told) => told.TurnEvent?.Event.Done is not null;

    private static Func<WatchSessionResponse, bool> IsIntroduction(string session) =>
        told => told.SessionId == session && told.TurnEvent?.Event.SessionInfo is not null;

    private static StreamChatRequest Queued(string message) =>
        new() { Message = message, SessionId = "session", OnBusy = OnBusy.Queue };

    private static string Shape(Watch watch) => string.Join(' ', watch.Responses.Select(told => told switch
    {
        { TurnEvent: { } next } => $"{next.Event.EventCase}",
        { Message: { } message } => $"{message.Role}:{message.State.ToString().ToUpperInvariant()}",
        _ => $"{told.UpdateCase}",
    }));
}
