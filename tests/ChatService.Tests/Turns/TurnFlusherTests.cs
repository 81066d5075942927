using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnFlusherTests
{
    [Fact]
    public async Task Commit_ManyTurnsAppendAllTheTime_NoneIsFenced()
    {
        await using var scene = new TurnScene();
        for (var round = 0; round < 5; round++)
        {
            var turns = await Task.WhenAll(Enumerable.Range(0, 60).Select(
                i => scene.StartAsync("/demo tokens=1500 rate=max", $"session-{i}"))).InTime();
            var readings = await Task.WhenAll(turns.Select(turn => scene.Read(turn).ToEndAsync())).InTime();

            Assert.Empty(scene.Log.Errors);
            foreach (var (turn, reading) in turns.Zip(readings))
            {
                await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
            }
        }

        Assert.Empty(scene.Log.Errors);
    }

    [Fact]
    public async Task Commit_GateClosed_SavedAndEndAreShownOnlyAfterIt()
    {
        await using var scene = new TurnScene();
        scene.Store.Close();
        var turn = await scene.StartAsync("/demo tokens=5 rate=max");
        var reading = scene.Read(turn);
        _ = await reading.UntilAsync(StreamChatResponse.EventOneofCase.Done);
        await scene.Store.Held.WaitAsync().InTime();

        Assert.Equal("SessionInfo Token Done", reading.Shape);
        Assert.Equal(StreamState.Running, (await scene.StoredAsync(turn)).State);
        Assert.False(turn.Completion.IsCompleted);

        scene.Store.Open();
        _ = await reading.ToEndAsync();
        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
    }

    [Theory]
    [InlineData(Durability.Strict, Durability.Memory)]
    [InlineData(Durability.Unspecified, Durability.Strict)]
    public async Task Commit_GateClosedAndStrict_NothingIsShownBeforeIt(Durability asked, Durability configured)
    {
        await using var scene = new TurnScene(new TurnOptions { Durability = configured });
        scene.Store.Close();
        var turn = await scene.StartAsync(
            new StreamChatRequest { Message = "/demo tokens=5 rate=max", Durability = asked });
        var reading = scene.Read(turn);
        await scene.Store.Held.WaitAsync().InTime();
        Assert.Equal(0, turn.Log.ShownSequence);

        scene.Store.Open();
        _ = await reading.ToEndAsync();
        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
    }

    [Fact]
    public async Task Commit_StoreAwayForAWhile_NothingIsLostOrDoubled()
    {
        await using var scene = new TurnScene();
        scene.Store.Away = true;
        var turns = await Task.WhenAll(Enumerable.Range(0, 3).Select(
            i => scene.StartAsync("/demo tokens=50 rate=max", $"session-{i}"))).InTime();
        var readings = turns.Select(turn => scene.Read(turn)).ToArray();
        _ = await Task.WhenAll(
            readings.Select(reading => reading.UntilAsync(StreamChatResponse.EventOneofCase.Done))).InTime();
        await scene.Store.Refused.WaitAsync().InTime();
        await scene.Store.Refused.WaitAsync().InTime();
        Assert.All(readings, reading => Assert.Equal("SessionInfo Token Done", reading.Shape));
        scene.Store.Away = false;

        foreach (var (turn, reading) in turns.Zip(readings))
        {
            await StreamContract.CheckAsync(scene, turn, await reading.ToEndAsync(), StreamState.Completed);
        }
    }

    [Fact]
    public async Task Commit_StoreAwayBeyondTheClosingLimit_ReadersAreToldAndTheTurnIsSavedLater()
    {
        await using var scene = new TurnScene();
        scene.Store.Away = true;
        var turn = await scene.StartAsync("/demo tokens=3 rate=max");
        var waiting = scene.Read(turn);
        _ = await waiting.UntilAsync(StreamChatResponse.EventOneofCase.Done);
        await scene.PassTimeUntilAsync(waiting.ToEndAsync());

        Assert.Equal(
            [], waiting.Events.Where(e => e.ResponseSaved is not null || e.StreamEnd is not null));
        Assert.Same(TurnFailures.StoreAway, waiting.Failure);
        Assert.False(turn.Completion.IsCompleted);
        Assert.True(scene.Clock.Elapsed >= scene.Options.ClosingCommit);

        scene.Store.Away = false;
        await turn.Completion.InTime();
        var late = await scene.Read(turn).ToEndAsync();
        await StreamContract.CheckAsync(scene, turn, late, StreamState.Completed);
        Assert.Equal(waiting.Logged, late.Logged.Take(waiting.Logged.Count));
    }

    [Fact]
    public async Task Commit_TailIsFull_TheModelWaitsAndNothingIsLost()
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 4 * 1024 });
        scene.Store.Close();
        var turn = await scene.StartAsync("/demo tokens=500 rate=max");
        await scene.Store.Held.WaitAsync().InTime();
        while (turn.Log.HasRoom())
        {
            await Task.Yield();
        }

        var full = turn.Log.LastSequence;
        Assert.InRange(full, 10, 4 * 1024 / 128);

        // Longer than every limit but the total: waiting for the store is no stall.
        await scene.PassTimeAsync(seconds: 300);
        Assert.Equal((StopCause.None, full), (turn.Stop.Cause, turn.Log.LastSequence));

        scene.Store.Open();
        var reading = await scene.Read(turn).ToEndAsync();
        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
        Assert.Equal(503, reading.End.LastSequence);
    }

    [Fact]
    public async Task Commit_AnotherOwnerTookTheStream_ItIsGivenUpAndReadersAreTold()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var turn = await scene.StartAsync("/demo rate=max hang after=0");
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();
        var takeover = ClosingEvents.Warn("OWNER_LOST", "Taken over.");
        takeover.Sequence = 1;
        var write = new TurnWrite(turn.Record.StreamId, 1, [takeover]) { NewEpoch = 2 };
        Assert.Equal(
            [new WriteResult(WriteOutcome.Committed)],
            await scene.Store.CommitAsync([write], CancellationToken.None));

        var record = await scene.CancelAsync(turn);

        _ = await reading.ToEndAsync();
        Assert.Same(TurnFailures.OwnerLost, reading.Failure);
        Assert.DoesNotContain(reading.Events, e => e.StreamEnd is not null);
        Assert.Equal((StreamState.Running, 2, 1), (record.State, record.Epoch, record.LastSequence));
        await scene.StopAsync();
    }

    [Fact]
    public async Task Commit_OneStreamCannotBeWritten_ItAloneEndsAndTheOthersDoNotNotice()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        scene.Store.Close();
        var refused = await scene.StartAsync("/demo tokens=3 rate=max", "refused");
        await scene.Store.Held.WaitAsync().InTime();
        scene.Store.RefusedStream = refused.Record.StreamId;
        var others = await Task.WhenAll(Enumerable.Range(0, 3).Select(
            i => scene.StartAsync("/demo tokens=3 rate=max", $"session-{i}"))).InTime();
        scene.Store.Open();

        foreach (var other in others)
        {
            await StreamContract.CheckAsync(
                scene, other, await scene.Read(other).ToEndAsync(), StreamState.Completed);
        }

        await refused.Completion.InTime();
        var stored = await scene.StoredAsync(refused);
        Assert.Equal((StreamState.Interrupted, 2L), (stored.State, stored.Epoch));
        Assert.Single(scene.Log.Errors);
        var next = await scene.AllAsync("/demo tokens=3 rate=max", "refused");
        Assert.Equal(StreamState.Completed, next.End.State);
    }

    [Fact]
    public async Task Commit_OneStreamCannotBeWrittenNorEndedNow_EndsWhenTheStoreIsBack()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var refused = await scene.StartAsync("/demo hang after=0 rate=max");
        await scene.Model.WaitsAsync().InTime();
        var reading = scene.Read(refused);
        var waiting = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=3 rate=max",
            SessionId = "session",
            OnBusy = OnBusy.Queue,
        });
        scene.Store.RefusedStream = refused.Record.StreamId;
        scene.Store.Down = true;

        refused.Stop.TryStop(StopCause.Cancelled);

        Assert.Equal("OWNER_LOST", (await reading.ToEndAsync()).Failure!.Reason);
        Assert.False(refused.Completion.IsCompleted);
        scene.Store.Down = false;
        await refused.Completion.InTime();
        Assert.Equal(StreamState.Interrupted, (await scene.StoredAsync(refused)).State);
        await StreamContract.CheckAsync(
            scene, waiting, await scene.Read(waiting).ToEndAsync(), StreamState.Completed);
    }
}
