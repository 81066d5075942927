using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnStartTests
{
    private static readonly StoreException Away = new("The store is away.", new IOException("No route."));

    [Fact]
    public async Task Begin_StoreAway_ReturnsAtOnceAndIsReadyWithinASecondOfItsReturn()
    {
        await using var scene = new TurnScene();
        scene.Store.NotPrepared = Away;

        await scene.Start.BeginAsync(CancellationToken.None).InTime();
        Assert.Equal("STORE_UNAVAILABLE", scene.Start.Refusal!.Reason);
        await scene.PassTimeAsync(seconds: 130);
        while (scene.Clock.UntilNextTimer is null)
        {
            await Task.Yield();
        }

        scene.Store.NotPrepared = null;
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.Start.Ready.InTime();

        Assert.Null(scene.Start.Refusal);
        var told = scene.Log.Entries.Select(entry => entry.Id).Where(id => id > 1012).ToList();
        Assert.InRange(told.Count(id => id == 1013), 2, 3);
        Assert.Equal(1014, told[^1]);
    }

    [Fact]
    public async Task Begin_TurnsOfADeadProcess_HaveEndedBeforeCallsComeIn()
    {
        using var folder = new TemporaryFolder();
        var dead = new TurnScene(folder: folder.Path);
        var turn = await dead.StartAsync("/demo hang after=3 rate=max");
        await dead.Model.WaitsAsync().InTime();
        await dead.AbandonAsync();

        await using var scene = new TurnScene(folder: folder.Path);
        scene.Store.NotPrepared = Away;
        await scene.Start.BeginAsync(CancellationToken.None).InTime();
        Assert.Equal(StreamState.Running, (await scene.StoredAsync(turn)).State);
        scene.Store.NotPrepared = null;
        await scene.PassTimeUntilAsync(scene.Start.Ready);

        Assert.Equal(StreamState.Interrupted, (await scene.AgainAsync(turn.Record.StreamId)).End.State);
    }

    [Fact]
    public async Task Begin_StoreCanNeverBeUsed_Throws()
    {
        await using var scene = new TurnScene();
        scene.Store.NotPrepared = new StartupException("The schema is newer.");

        await Assert.ThrowsAsync<StartupException>(() => scene.Start.BeginAsync(CancellationToken.None).InTime());

        Assert.False(scene.Lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Begin_StoreIsBackAndCanNeverBeUsed_StopsTheService()
    {
        await using var scene = new TurnScene();
        scene.Store.NotPrepared = Away;
        await scene.Start.BeginAsync(CancellationToken.None).InTime();
        scene.Store.NotPrepared = new StartupException("The schema is newer.");

        var stopped = new Milestone();
        await using var stopping = scene.Lifetime.ApplicationStopping.UnsafeRegister(
            static told => ((Milestone)told!).Reach(), stopped);
        await scene.PassTimeUntilAsync(stopped.Reached);

        Assert.Equal("The schema is newer.", scene.Start.Failure!.Message);
    }

    [Fact]
    public async Task End_WhileItWaits_IsOverAtOnce()
    {
        await using var scene = new TurnScene();
        scene.Store.NotPrepared = Away;
        await scene.Start.BeginAsync(CancellationToken.None).InTime();

        await scene.Start.EndAsync().InTime();

        Assert.NotNull(scene.Start.Refusal);
        Assert.Null(scene.Start.Failure);
    }

    [Fact]
    public async Task Ask_NobodyKnowsWhatCameOfIt_IsAskedAgain()
    {
        var clock = new ManualTimeProvider();
        var waiting = new StoreWaiting(clock, NullLogger<StoreWaiting>.Instance);
        var asked = 0;

        var answered = waiting.AskAsync(AnswerAsync, CancellationToken.None);

        await waiting.Waits.InTime();
        while (clock.UntilNextTimer is null)
        {
            await Task.Yield();
        }

        Assert.Equal(StoreWaiting.Pause, clock.UntilNextTimer);
        clock.Advance(StoreWaiting.Pause);
        await answered.InTime();
        Assert.Equal(2, asked);

        Task AnswerAsync(CancellationToken cancellationToken) => ++asked == 1
            ? Task.FromException(new StoreException("Cut.", new IOException("Cut.")) { OutcomeUnknown = true })
            : Task.CompletedTask;
    }
}
