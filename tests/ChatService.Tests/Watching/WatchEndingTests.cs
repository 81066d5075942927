using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Watching;

/// <summary>Watching while the store is away or the service stops.</summary>
public sealed class WatchEndingTests
{
    [Fact]
    public async Task Store_AwayAndBack_EventsGoOnAndTheRestComesLater()
    {
        await using var scene = new TurnScene();
        scene.Store.Close();
        _ = await scene.StartAsync("/demo tokens=2 rate=max");
        await using var watch = new Watch(scene);
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Done is not null);

        // What is in memory is told; for the answer the store is asked again and again.
        scene.Store.Down = true;
        scene.Store.Open();
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.StreamEnd is not null);
        Assert.True(watch.IsQuiet());
        Assert.Equal(TimeSpan.FromMilliseconds(100), scene.Clock.UntilNextTimer);

        scene.Store.Down = false;
        var answered = watch.UntilAnsweredAsync();
        await scene.PassTimeUntilAsync(answered);
        Assert.Equal(StreamState.Completed, (await answered).Message.State);
    }

    [Fact]
    public async Task Store_AwayForTooLong_EndsWithUnavailable()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        await using var watch = new Watch(scene);
        _ = await watch.NextAsync();
        Assert.True(watch.IsQuiet());

        scene.Store.Down = true;
        scene.Signals.Changed(TurnScene.Tenant, "session");
        var end = watch.ToEndAsync();
        await scene.PassTimeUntilAsync(end);

        Assert.Same(TurnFailures.StoreAway, watch.Failure);
        Assert.True(scene.Clock.Elapsed >= scene.Options.ClosingCommit);
    }

    [Fact]
    public async Task ClosingCommit_TooLate_TheAnswerComesWithoutTheRestOfItsEvents()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo hang after=1 rate=max");
        await using var watch = new Watch(scene);
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Token is not null);
        scene.Store.Away = true;

        Assert.True(turn.Stop.TryStop(StopCause.Cancelled));
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Done is not null);
        Assert.True(watch.IsQuiet());
        scene.Clock.Advance(scene.Options.ClosingCommit);
        Assert.NotNull((await watch.NextAsync())!.Heartbeat);

        // Whatever changes meanwhile, it is not begun once more.
        _ = await scene.Store.RenameSessionAsync(
            TurnScene.Tenant, "session", "Another title", scene.Clock.GetUtcNow(), CancellationToken.None).InTime();
        scene.Signals.Changed(TurnScene.Tenant, "session");
        Assert.Equal("Another title", (await watch.NextAsync())!.Session.Title);
        Assert.True(watch.IsQuiet());
        scene.Store.Away = false;

        var answer = await watch.UntilAnsweredAsync();
        Assert.Equal(StreamState.Cancelled, answer.Message.State);
        Assert.DoesNotContain(watch.Responses, told => told.TurnEvent?.Event.StreamEnd is not null);
        Assert.NotNull(Assert.Single(await watch.RestAsync()).Session);
    }

    [Fact]
    public async Task Stop_WhileATurnRuns_ItsAnswerIsToldBeforeTheEnd()
    {
        await using var scene = new TurnScene();
        _ = await scene.StartAsync("/demo hang after=1 rate=max");
        await using var watch = new Watch(scene);
        await using var quiet = new Watch(scene, "another");
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Token is not null);
        Assert.True(quiet.IsQuiet());

        await scene.StopAsync();
        scene.Signals.End();
        await Task.WhenAll(watch.ToEndAsync(), quiet.ToEndAsync()).InTime();

        Assert.Same(TurnFailures.Stopping, watch.Failure);
        Assert.Same(TurnFailures.Stopping, quiet.Failure);
        Assert.Equal(
            StreamState.Interrupted,
            watch.Responses.Last(told => told.Message is not null).Message.State);
        _ = WatchedView.Of(watch.Responses);
    }

    [Fact]
    public async Task Watch_Ended_NothingOfItIsLeft()
    {
        await using var scene = new TurnScene();
        await using (var watch = new Watch(scene))
        {
            _ = await scene.StartAsync("/demo hang after=1 rate=max");
            _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Token is not null);
            Assert.True(scene.Signals.IsWatched(TurnScene.Tenant, "session"));
        }

        Assert.False(scene.Signals.IsWatched(TurnScene.Tenant, "session"));
    }
}
