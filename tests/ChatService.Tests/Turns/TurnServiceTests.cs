using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnServiceTests
{
    [Fact]
    public async Task Stop_StoreAway_EndsWithTheHostsPatience()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        using var signals = new StopSignals();
        var service = await StartAsync(scene, signals);
        var turn = await scene.StartAsync("/demo hang after=0 rate=max");
        await scene.Model.WaitsAsync().InTime();
        scene.Store.Away = true;

        await service.StoppingAsync(new CancellationToken(canceled: true)).InTime();
        await service.StopAsync(CancellationToken.None).InTime();

        Assert.Contains("the next start ends them", Assert.Single(scene.Log.Errors), StringComparison.Ordinal);
        Assert.False(turn.Log.Closed.IsCompleted);
        scene.Forget();
    }

    [Fact]
    public async Task Stop_TurnThatEndsWithinTheGrace_IsComplete()
    {
        await using var scene = new TurnScene(Patient());
        using var signals = new StopSignals();
        var service = await StartAsync(scene, signals);
        var turn = await scene.StartAsync("/demo tokens=10 rate=2");
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();

        var stopped = service.StoppingAsync(CancellationToken.None);
        var late = await scene.FailAsync(new StreamChatRequest { Message = "x" });
        await scene.PassTimeUntilAsync(reading.UntilAsync(StreamChatResponse.EventOneofCase.Done));
        await stopped.InTime();

        _ = await reading.ToEndAsync();
        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
        Assert.Equal("SERVICE_STOPPING", late.Reason);
    }

    [Fact]
    public async Task Stop_GraceOver_TurnsEndInterruptedAndSaved()
    {
        await using var scene = new TurnScene(new TurnOptions { DrainGrace = TimeSpan.FromSeconds(3) });
        using var signals = new StopSignals();
        var service = await StartAsync(scene, signals);
        var turn = await scene.StartAsync("/demo hang after=3 rate=max");
        await scene.Model.WaitsAsync().InTime();

        var stopped = service.StoppingAsync(CancellationToken.None);
        Assert.False(turn.Stop.Token.IsCancellationRequested);
        scene.Clock.Advance(TimeSpan.FromSeconds(3));
        await stopped.InTime();

        await StreamContract.CheckAsync(scene, turn, await scene.Read(turn).ToEndAsync(), StreamState.Interrupted);
    }

    [Fact]
    public async Task Stop_QueuedTurn_WaitsInTheStoreForTheNextStart()
    {
        using var folder = new TemporaryFolder();
        string queued;
        await using (var scene = new TurnScene(new TurnOptions { DrainGrace = TimeSpan.Zero }, folder.Path))
        {
            using var signals = new StopSignals();
            var service = await StartAsync(scene, signals);
            _ = await scene.StartAsync("/demo hang after=3 rate=max");
            var turn = await scene.StartAsync(new StreamChatRequest
            {
                Message = "/demo tokens=3 rate=max",
                SessionId = "session",
                Instructions = "Be brief.",
                OnBusy = OnBusy.Queue,
            });
            queued = turn.Record.StreamId;
            var reading = scene.Read(turn);

            await service.StoppingAsync(CancellationToken.None).InTime();

            Assert.Equal("SERVICE_STOPPING", (await reading.ToEndAsync()).Failure!.Reason);
            Assert.Equal(StreamState.Queued, (await scene.StoredAsync(turn)).State);
        }

        await using var next = new TurnScene(folder: folder.Path);
        using var again = new StopSignals();
        _ = await StartAsync(next, again);

        var whole = await next.AgainAsync(queued);
        Assert.Equal((StreamState.Completed, "alpha bravo charlie "), (whole.End.State, whole.Answer));
        Assert.Equal("Be brief.", Assert.Single(next.Model.Requests).Instructions);
    }

    [Fact]
    public async Task Stop_TurnEndsByItselfWithOneWaiting_ThatOneDoesNotBegin()
    {
        await using var scene = new TurnScene(Patient());
        using var signals = new StopSignals();
        var service = await StartAsync(scene, signals);
        var running = await scene.StartAsync("/demo tokens=10 rate=2");
        await scene.Model.WaitsAsync().InTime();
        var waiting = await scene.StartAsync(
            new StreamChatRequest { Message = "x", SessionId = "session", OnBusy = OnBusy.Queue });
        var reading = scene.Read(running);

        var stopped = service.StoppingAsync(CancellationToken.None);
        await scene.PassTimeUntilAsync(reading.UntilAsync(StreamChatResponse.EventOneofCase.Done));
        await stopped.InTime();

        await StreamContract.CheckAsync(scene, running, await reading.ToEndAsync(), StreamState.Completed);
        Assert.Equal(StreamState.Queued, (await scene.StoredAsync(waiting)).State);
        Assert.Single(scene.Model.Requests);
    }

    [Fact]
    public async Task Stop_WhileATurnIsBeingOpened_ItRunsToItsEnd()
    {
        await using var scene = new TurnScene(Patient());
        using var signals = new StopSignals();
        var service = await StartAsync(scene, signals);
        var (saved, told) = (new TaskCompletionSource(), new TaskCompletionSource());
        scene.Store.AfterOpening = () =>
        {
            saved.SetResult();
            return told.Task;
        };
        var starting = scene.StartAsync("/demo tokens=3 rate=max");
        await saved.Task.InTime();

        var stopped = service.StoppingAsync(CancellationToken.None);
        told.SetResult();
        var turn = await starting;
        await stopped.InTime();

        var reading = await scene.Read(turn).ToEndAsync();
        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
    }

    [Fact]
    public async Task Stop_WhileATurnIsBeingQueued_ItIsGivenAwayAndNotWaitedFor()
    {
        await using var scene = new TurnScene(Patient());
        scene.Store.IsShared = true;
        using var signals = new StopSignals();
        var service = await StartAsync(scene, signals);
        var running = await scene.StartAsync("/demo hang after=1 rate=max");
        var (saved, told) = (new TaskCompletionSource(), new TaskCompletionSource());
        scene.Store.AfterOpening = () =>
        {
            saved.SetResult();
            return told.Task;
        };
        var starting = scene.StartAsync(
            new StreamChatRequest { Message = "x", SessionId = "session", OnBusy = OnBusy.Queue });
        await saved.Task.InTime();

        var stopped = service.StoppingAsync(CancellationToken.None);
        told.SetResult();
        var queued = await starting;
        var reading = await scene.Read(queued).ToEndAsync();

        Assert.Same(TurnFailures.Stopping, reading.Failure);
        Assert.False(stopped.IsCompleted);
        Assert.Equal(StreamState.Queued, (await scene.StoredAsync(queued)).State);
        Assert.Equal([queued.Record.StreamId], scene.Store.Released);
        running.Stop.TryStop(StopCause.Cancelled);
        await stopped.InTime();
    }

    // The test's clock may run ahead of a busy machine, and no limit is to be met by that.
    private static TurnOptions Patient()
    {
        var hour = TimeSpan.FromHours(1);
        return new TurnOptions
        {
            DrainGrace = hour,
            ClosingCommit = hour,
            FirstToken = hour,
            Stall = hour,
            Total = hour,
        };
    }

    private static async Task<TurnService> StartAsync(TurnScene scene, StopSignals signals)
    {
        using var loggers = new LoggerFactory([scene.Log]);
        var service = new TurnService(
            scene.Store, scene.Start, scene.Registry, scene.Flusher, scene.Incarnation, signals, scene.Signals,
            scene.Follower, Options.Create(scene.Options), scene.Clock, loggers.CreateLogger<TurnService>());
        await service.StartAsync(CancellationToken.None).InTime();
        return service;
    }
}
