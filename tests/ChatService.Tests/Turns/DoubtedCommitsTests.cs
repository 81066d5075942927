using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class DoubtedCommitsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_OutcomeUnknown_IsWrittenOnceAndTheNextTurnRuns(bool isDone)
    {
        await using var scene = new TurnScene();
        scene.Store.Close();
        var turn = await scene.StartAsync("/demo tokens=3 rate=max");
        var next = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=3 rate=max",
            SessionId = "session",
            OnBusy = OnBusy.Queue,
        });
        await scene.Store.Held.WaitAsync().InTime();
        Enqueue(scene, isDone, times: 4);
        scene.Store.Open();

        var reading = await scene.Read(turn).ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
        await StreamContract.CheckAsync(
            scene, next, await scene.Read(next).ToEndAsync(), StreamState.Completed);
        Assert.Empty(scene.Store.Fates);
        Assert.Empty(scene.Log.Errors);
    }

    [Fact]
    public async Task Commit_OutcomeUnknownAndTakenOverMeanwhile_IsGivenUp()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var turn = await scene.StartAsync("/demo rate=max hang after=0");
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();
        var takeover = ClosingEvents.Warn("OWNER_LOST", "Taken over.");
        takeover.Sequence = 1;
        _ = await scene.Store.CommitAsync(
            [new(turn.Record.StreamId, 1, [takeover]) { NewEpoch = 2 }], CancellationToken.None);
        Enqueue(scene, isDone: false, times: 1);

        _ = await scene.CancelAsync(turn);

        Assert.Same(TurnFailures.OwnerLost, (await reading.ToEndAsync()).Failure);
        Assert.Equal(1, (await scene.StoredAsync(turn)).LastSequence);
        await scene.StopAsync();
    }

    [Fact]
    public async Task Commit_OutcomeUnknownAndCannotBeRead_IsSetAsideAndHoldsNothingUp()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        scene.Store.Close();
        var turn = await scene.StartAsync("/demo rate=max hang after=3");
        await scene.Store.Held.WaitAsync().InTime();
        Enqueue(scene, isDone: true, times: 1);
        scene.Store.BreakNextLook(new InvalidOperationException("Nobody can decode this."));
        scene.Store.Open();

        Assert.Same(TurnFailures.OwnerLost, (await scene.Read(turn).ToEndAsync()).Failure);

        var stored = await scene.StoredAsync(turn);
        Assert.Equal((StreamState.Interrupted, 2), (stored.State, stored.Epoch));
        Assert.Equal(StreamState.Completed, (await scene.AllAsync("/demo tokens=3 rate=max")).End.State);
    }

    private static void Enqueue(TurnScene scene, bool isDone, int times)
    {
        for (var i = 0; i < times; i++)
        {
            scene.Store.Fates.Enqueue(isDone ? Fate.DoneAndUnknown : Fate.NotDoneAndUnknown);
        }
    }
}
