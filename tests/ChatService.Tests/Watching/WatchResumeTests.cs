using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Watching;

/// <summary>Watchers that are cut off and go on with their cursors.</summary>
public sealed class WatchResumeTests
{
    [Fact]
    public async Task Cursor_InTheMiddleOfATurn_GoesOnWithItsNextEvent()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo hang after=5 rate=max");
        string cursor;
        await using (var first = new Watch(scene))
        {
            cursor = (await first.UntilAsync(told => told.TurnEvent?.Event.Sequence == 3)).Cursor;
        }

        await using var second = new Watch(scene, cursor: cursor);
        _ = await second.UntilAsync(told => told.TurnEvent?.Event.Sequence == 5);

        Assert.Equal(turn.Record.StreamId, second.Responses[0].Session.RunningStreamId);
        Assert.Equal(3, second.Responses[1].TurnEvent.Event.SessionInfo.ResumedAfter);
        Assert.Equal([4, 5], second.Responses.Skip(2).Select(told => (int)told.TurnEvent.Event.Sequence));
    }

    [Fact]
    public async Task Cursor_TurnEndedMeanwhile_ItsAnswerWithoutItsEvents()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo hang after=5 rate=max");
        string cursor;
        await using (var first = new Watch(scene))
        {
            cursor = (await first.UntilAsync(told => told.TurnEvent?.Event.Sequence == 3)).Cursor;
        }

        _ = await scene.CancelAsync(turn);
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        await using var second = new Watch(scene, cursor: cursor);
        Assert.Equal("", (await second.NextAsync())!.Session.RunningStreamId);
        _ = await second.UntilAnsweredAsync();
        _ = await second.UntilAnsweredAsync();

        Assert.Empty(await second.RestAsync());
        Assert.Equal(
            [StreamState.Cancelled, StreamState.Completed, StreamState.Completed],
            second.Responses.Skip(1).Select(told => told.Message.State));
    }

    [Fact]
    public async Task Cursor_OfAProcessThatDied_TheInterruptedAnswerReplacesWhatWasShown()
    {
        using var folder = new TemporaryFolder();
        var view = new WatchedView();
        await using (var scene = new TurnScene(folder: folder.Path))
        {
            _ = await scene.StartAsync("/demo hang after=3 rate=max");
            await using (var first = new Watch(scene))
            {
                _ = await first.UntilAsync(told => told.TurnEvent?.Event.Sequence == 3);
                view.Fold(first.Responses);
            }

            await scene.AbandonAsync();
        }

        await using var next = new TurnScene(folder: folder.Path);
        await next.Takeover.LookAsync(CancellationToken.None).InTime();
        await using var second = new Watch(next, cursor: view.Cursor);
        _ = await second.UntilAnsweredAsync();
        view.Fold(second.Responses);

        Assert.Equal(["Session", "Message"], second.Responses.Select(told => $"{told.UpdateCase}"));
        Assert.Equal(StreamState.Interrupted, view.Messages.Last().State);
        Assert.Empty(await second.RestAsync());
    }

    [Fact]
    public async Task Cursor_DeletedAndMadeAnewMeanwhile_DeletedFirstThenAllOfTheNewOne()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        string cursor;
        await using (var first = new Watch(scene))
        {
            cursor = (await first.NextAsync())!.Cursor;
        }

        Assert.Null(await scene.Deletion.RunAsync(TurnScene.Tenant, "session", CancellationToken.None).InTime());
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        _ = await scene.AllAsync("/demo tokens=2 rate=max");
        await using var second = new Watch(scene, cursor: cursor);
        _ = await second.UntilAnsweredAsync();

        Assert.Equal(
            ["Deleted", "Session", "Message", "Message"], second.Responses.Select(told => $"{told.UpdateCase}"));
        var view = WatchedView.Of(second.Responses);
        Assert.Equal("alpha bravo ", view.Messages.Last().Parts[0].Text);
        Assert.Empty(await second.RestAsync());
    }

    [Fact]
    public async Task Cursor_OfADeletedSession_DeletedOnceAndThenAnew()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        await using var watch = new Watch(scene);
        _ = await watch.NextAsync();

        Assert.Null(await scene.Deletion.RunAsync(TurnScene.Tenant, "session", CancellationToken.None).InTime());
        Assert.NotNull((await watch.NextAsync())!.Deleted);
        await using var other = new Watch(scene, cursor: watch.Cursor);
        Assert.True(watch.IsQuiet() && other.IsQuiet());
        _ = await scene.AllAsync("/demo tokens=1 rate=max");

        foreach (var one in (Watch[])[watch, other])
        {
            _ = await one.UntilAnsweredAsync();
        }

        Assert.Equal(1, WatchedView.Of(watch.Responses).Deletions);

        Assert.Equal(0, WatchedView.Of(other.Responses).Deletions);
    }

    [Fact]
    public async Task Delete_WhileATurnIsTold_ItsEndComesFirst()
    {
        await using var scene = new TurnScene();
        _ = await scene.StartAsync("/demo hang after=3 rate=max");
        await using var watch = new Watch(scene);
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Sequence == 1);

        Assert.Null(await scene.Deletion.RunAsync(TurnScene.Tenant, "session", CancellationToken.None).InTime());
        _ = await watch.UntilAsync(told => told.Deleted is not null);

        Assert.Equal(StreamState.Cancelled, watch.Responses[^2].TurnEvent.Event.StreamEnd.State);
        Assert.Empty(await watch.RestAsync());
    }

    [Fact]
    public async Task Watch_SlowerThanMemory_EveryEventAndNothingWaitsForIt()
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 4_096 });
        await using var slow = new Watch(scene);
        Assert.True(slow.IsQuiet());
        scene.Store.Close();
        var turn = await scene.StartAsync("/demo tokens=500 rate=max");
        _ = await slow.UntilAsync(told => told.TurnEvent is not null);

        scene.Store.Open();
        await turn.Completion.InTime();
        Assert.Equal(LogPosition.BeforeTail, turn.Log.Read(0, out _));
        _ = await slow.UntilIdleAsync();

        Assert.Equal(
            await scene.StoredEventsAsync(turn.Record.StreamId),
            WatchedView.Of(slow.Responses).EventsOf(turn.Record.StreamId));
    }
}
