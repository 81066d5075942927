using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class IncarnationTests
{
    private static readonly TimeSpan Beat = Incarnation.Lease / 4;

    [Fact]
    public async Task Begin_SharedStore_RenewsFourTimesInALease()
    {
        await using var scene = await BegunAsync();

        for (var renewals = 1; renewals <= 8; renewals++)
        {
            await UntilAsync(() => scene.Clock.UntilNextTimer == Beat);
            scene.Clock.Advance(Beat);
            await UntilAsync(() => scene.Store.Renewals == renewals);
        }

        await scene.Incarnation.EndAsync().InTime();
    }

    [Fact]
    public async Task Begin_StoreThatIsNotShared_NeverRenews()
    {
        await using var scene = new TurnScene();
        await scene.Incarnation.BeginAsync(CancellationToken.None).InTime();

        scene.Clock.Advance(TimeSpan.FromHours(1));

        await scene.Incarnation.EnsureAsync(CancellationToken.None);
        Assert.Equal(0, scene.Store.Renewals);
    }

    [Fact]
    public async Task Ensure_LeaseIsNearItsEnd_RenewsFirst()
    {
        await using var scene = new TurnScene();
        scene.Store.IsShared = true;

        // It enters first, and that counts as a renewal.
        await scene.Incarnation.EnsureAsync(CancellationToken.None).AsTask().InTime();
        scene.Clock.Advance(TimeSpan.FromSeconds(2.4));
        await scene.Incarnation.EnsureAsync(CancellationToken.None);
        Assert.Equal(0, scene.Store.Renewals);

        scene.Clock.Advance(TimeSpan.FromSeconds(0.2));
        await scene.Incarnation.EnsureAsync(CancellationToken.None).AsTask().InTime();
        Assert.Equal(1, scene.Store.Renewals);
    }

    [Fact]
    public async Task Start_LeaseIsOverAndTheStoreAway_NothingIsOpened()
    {
        await using var scene = new TurnScene();
        scene.Store.IsShared = true;
        await scene.Incarnation.EnsureAsync(CancellationToken.None).AsTask().InTime();
        scene.Clock.Advance(Incarnation.Lease);
        scene.Store.Down = true;

        _ = await Assert.ThrowsAsync<StoreException>(() => scene.StartAsync("/demo tokens=1 rate=max"));

        Assert.Equal((1, 0), (scene.Store.Renewals, scene.Store.Openings));
        scene.Store.Down = false;
        Assert.Equal(StreamState.Completed, (await scene.AllAsync("/demo tokens=1 rate=max")).End.State);
    }

    [Fact]
    public async Task Ensure_ManyAtOnceAndTheStoreAway_OneTriesForAllOfThem()
    {
        await using var scene = new TurnScene();
        scene.Store.IsShared = true;
        await scene.Incarnation.EnsureAsync(CancellationToken.None).AsTask().InTime();
        scene.Clock.Advance(Incarnation.Lease);
        scene.Store.Down = true;
        var attempt = new TaskCompletionSource();
        scene.Store.BeforeRenewal = attempt.Task;

        var waiting = Array.ConvertAll(
            new int[5], _ => scene.Incarnation.EnsureAsync(CancellationToken.None).AsTask());
        attempt.SetResult();
        foreach (var one in waiting)
        {
            _ = await Assert.ThrowsAsync<StoreException>(() => one.InTime());
        }

        Assert.Equal(1, scene.Store.Renewals);
        _ = await Assert.ThrowsAsync<StoreException>(
            () => scene.Incarnation.EnsureAsync(CancellationToken.None).AsTask().InTime());
        Assert.Equal(2, scene.Store.Renewals);
    }

    [Fact]
    public async Task Run_TurnsAreOthersByNow_NoModelIsAsked()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        scene.Store.IsShared = true;
        scene.Incarnation.Died += scene.Registry.GiveUp;
        _ = await scene.StartAsync("/demo rate=max hang after=0");
        var queued = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=3 rate=max",
            SessionId = "session",
            OnBusy = OnBusy.Queue,
        });
        await scene.Model.WaitsAsync().InTime();
        var reading = scene.Read(queued);

        // It was frozen when it was told that the next one may run.
        scene.Clock.Advance(Incarnation.Lease);
        scene.Store.DeclaresDead = true;
        scene.Registry.Promote(queued.Record.StreamId);

        Assert.Same(TurnFailures.OwnerLost, (await reading.ToEndAsync()).Failure);
        await queued.Completion.InTime();
        Assert.Single(scene.Model.Requests);
    }

    [Fact]
    public async Task Renew_TakenForDead_GivesItsTurnsUpAndGoesOnAsAnother()
    {
        await using var scene = await BegunAsync();
        scene.ExpectErrors();
        scene.Incarnation.Died += scene.Registry.GiveUp;
        var before = scene.Incarnation.Id;
        var turn = await scene.StartAsync("/demo rate=max hang after=2");
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();
        scene.Store.DeclaresDead = true;

        await scene.PassTimeUntilAsync(turn.Completion);

        Assert.NotEqual(before, scene.Incarnation.Id);
        _ = await reading.ToEndAsync();
        Assert.Equal("OWNER_LOST", reading.Failure?.Reason);
        Assert.Contains(scene.Log.Entries, entry => entry.Id == 1020);

        // What it was is another's to end, here the new one's.
        await scene.Takeover.LookAsync(CancellationToken.None).InTime();
        var again = await scene.AgainAsync(turn.Record.StreamId);
        Assert.Equal((2, StreamState.Interrupted), (again.Events[0].SessionInfo.Epoch, again.End.State));
        Assert.Equal(StreamState.Completed, (await scene.AllAsync("/demo tokens=1 rate=max")).End.State);
        await scene.Incarnation.EndAsync().InTime();
    }

    private static async Task<TurnScene> BegunAsync()
    {
        var scene = new TurnScene();
        scene.Store.IsShared = true;
        await scene.Incarnation.BeginAsync(CancellationToken.None).InTime();
        return scene;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < WaitLimit.Default);
            await Task.Yield();
        }
    }
}
