using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

/// <summary>Turns that wait for their client's results.</summary>
public sealed class WaitingTurnTests
{
    [Fact]
    public async Task Wait_Client_NoLimitOfTheTurnCountsAndItsOwnEndsIt()
    {
        var options = new TurnOptions
        {
            Total = TimeSpan.FromMinutes(1),
            ClientResult = TimeSpan.FromHours(2),
            Heartbeat = TimeSpan.FromHours(1),
        };
        await using var scene = new TurnScene(options);
        var turn = await scene.StartAsync(Asking("/demo call=look rate=max", client: "look"));
        var reading = scene.Read(turn);
        await WaitingAsync(scene, turn);

        scene.Clock.Advance(TimeSpan.FromMinutes(90));
        Assert.True(turn.IsWaiting);
        scene.Clock.Advance(TimeSpan.FromMinutes(30));

        _ = await reading.ToEndAsync();
        Assert.Equal("TOOL_RESULT_TIMEOUT", reading.Logged.Single(e => e.Error is not null).Error.Reason);
        Assert.Equal(StreamState.Failed, (await scene.StoredAsync(turn)).State);
    }

    [Fact]
    public async Task Adopt_TurnThatHasWaitedAllItsTime_EndsAtOnceAndTheNextOneRuns()
    {
        using var folder = new TemporaryFolder();
        Turn turn, queued;
        await using (var before = new TurnScene(folder: folder.Path))
        {
            turn = await before.StartAsync(Asking("/demo call=look rate=max", client: "look"));
            await WaitingAsync(before, turn);
            queued = await before.StartAsync(new StreamChatRequest
            {
                Message = "/demo tokens=3 rate=max",
                SessionId = turn.Record.SessionId,
                OnBusy = OnBusy.Queue,
            });
        }

        await using var scene = new TurnScene(folder: folder.Path);
        scene.Clock.Advance(TimeSpan.FromDays(1));
        await scene.Takeover.LookAsync(CancellationToken.None);

        var reading = await scene.AgainAsync(turn.Record.StreamId);
        Assert.Equal("TOOL_RESULT_TIMEOUT", reading.Logged.Single(e => e.Error is not null).Error.Reason);
        Assert.Equal(StreamState.Completed, (await scene.AgainAsync(queued.Record.StreamId)).End.State);
    }

    [Fact]
    public async Task Give_TwoCallsOneAfterTheOther_WaitsForBoth()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync(
            Asking("/demo call=look call=hear rate=max", client: "look", second: "hear"));
        var reading = scene.Read(turn);
        await WaitingAsync(scene, turn);
        var calls = reading.Logged.Where(e => e.ToolCall?.ArgumentsJson.Length > 0).Select(e => e.ToolCall).ToList();

        var first = await scene.Results.TakeAsync(
            TurnScene.Tenant, turn.Record.StreamId, Result(calls[1], "a bark"), CancellationToken.None).InTime();
        Assert.Equal(StreamState.Waiting, first.State);
        Assert.Equal(StreamState.Waiting, (await scene.StoredAsync(turn)).State);
        var second = await scene.Results.TakeAsync(
            TurnScene.Tenant, turn.Record.StreamId, Result(calls[0], "a dog"), CancellationToken.None).InTime();

        // It may have ended by now.
        Assert.Contains(second.State, (StreamState[])[StreamState.Running, StreamState.Completed]);
        _ = await reading.ToEndAsync();
        Assert.Equal(["a dog", "a bark"], scene.Model.Requests.Last().Messages[^1].Results.Select(r => r.Text));
    }

    [Fact]
    public async Task Give_AgainWhenTheEndHasJustBeenShown_SaysThatItHasEnded()
    {
        const int Ended = 1001;
        using var go = new ManualResetEventSlim();
        await using var scene = new TurnScene();
        scene.Log.Written = id =>
        {
            if (id == Ended)
            {
                go.Wait(WaitLimit.Default);
            }
        };
        var turn = await scene.StartAsync(Asking("/demo call=look rate=max", client: "look"));
        var reading = scene.Read(turn);
        await WaitingAsync(scene, turn);
        Assert.Null((await GiveAsync(scene, turn, "a cat").InTime()).Failure);
        _ = await reading.ToEndAsync();

        var again = await GiveAsync(scene, turn, "a cat").InTime();

        Assert.False(turn.Completion.IsCompleted);
        Assert.Equal(StreamState.Completed, again.State);
        go.Set();
        await turn.Completion.InTime();
    }

    [Fact]
    public async Task Give_StoreAway_IsNotSaidToBeTaken()
    {
        await using var scene = new TurnScene(new TurnOptions { ClosingCommit = TimeSpan.FromSeconds(10) });
        var turn = await scene.StartAsync(Asking("/demo call=look rate=max", client: "look"));
        await WaitingAsync(scene, turn);
        scene.Store.Away = true;

        var giving = GiveAsync(scene, turn, "a cat");
        await scene.PassTimeUntilAsync(Task.WhenAny(giving));

        _ = await Assert.ThrowsAsync<StoreException>(() => giving);
        scene.Store.Away = false;
        Assert.Null((await GiveAsync(scene, turn, "a cat")).Failure);
        scene.ExpectErrors();
    }

    [Fact]
    public async Task Adopt_WaitingTurn_GoesOnInANewEpochAsIfNothingHadBeen()
    {
        using var folder = new TemporaryFolder();
        var (turn, call) = await LeftWaitingAsync(folder.Path);
        await using var scene = new TurnScene(folder: folder.Path);
        await scene.Takeover.LookAsync(CancellationToken.None);
        var adopted = scene.Registry.Find(TurnScene.Tenant, turn.Record.StreamId)!;
        var reading = scene.Read(adopted);
        Assert.Equal(StreamState.Waiting, (await scene.StoredAsync(turn)).State);
        await WaitingAsync(scene, adopted);

        // Longer than any turn may run.
        scene.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(StopCause.None, adopted.Stop.Cause);
        var taken = await scene.Results.TakeAsync(
            TurnScene.Tenant, turn.Record.StreamId, Result(call, "a cat"), CancellationToken.None).InTime();

        Assert.Null(taken.Failure);
        _ = await reading.ToEndAsync();
        await StreamContract.CheckAsync(scene, adopted, reading, StreamState.Completed);
        Assert.Equal(2, reading.Events[0].SessionInfo.Epoch);
        Assert.InRange(
            reading.Logged.Single(e => e.ToolResult is not null).ToolResult.DurationMs, 3_600_000, 3_700_000);
        Assert.InRange(reading.End.Timings.TotalMs, 3_600_000, 3_700_000);
        Assert.Equal(2, reading.End.Attempts.Count);
        Assert.Single(scene.Model.Requests);
        Assert.Equal(
            [ModelRole.User, ModelRole.Assistant, ModelRole.Tool],
            scene.Model.Requests.Single().Messages.Select(message => message.Role));
    }

    [Fact]
    public async Task Adopt_LeaseCannotBeRenewedJustNow_WaitsOn()
    {
        using var folder = new TemporaryFolder();
        var (turn, call) = await LeftWaitingAsync(folder.Path);
        await using var scene = new TurnScene(folder: folder.Path);
        scene.Store.IsShared = true;
        await scene.Incarnation.BeginAsync(CancellationToken.None);
        scene.Store.BeforeRenewal = Task.FromException(
            new StoreException("The store is away.", new TimeoutException()));
        scene.Clock.Advance(Incarnation.Lease);
        await scene.Takeover.LookAsync(CancellationToken.None);
        var adopted = scene.Registry.Find(TurnScene.Tenant, turn.Record.StreamId)!;
        await scene.PassTimeAsync(5);

        Assert.Equal(StreamState.Waiting, (await scene.StoredAsync(turn)).State);
        scene.Store.BeforeRenewal = Task.CompletedTask;
        var reading = scene.Read(adopted);
        _ = await scene.Results.TakeAsync(
            TurnScene.Tenant, turn.Record.StreamId, Result(call, "a cat"), CancellationToken.None).InTime();
        Assert.Equal(StreamState.Completed, (await reading.ToEndAsync()).End.State);
        await scene.Incarnation.EndAsync();
    }

    [Fact]
    public async Task Give_AgainWhereTheTurnHasGoneOnElsewhereSince_IsSentAway()
    {
        await using var scene = new TurnScene();
        await scene.Start.BeginAsync(CancellationToken.None).InTime();
        var turn = await scene.StartAsync(
            Asking("/demo call=look call=hear rate=max", client: "look", second: "hear"));
        await WaitingAsync(scene, turn);
        Assert.Equal(StreamState.Waiting, (await GiveAsync(scene, turn, "a cat").InTime()).State);

        // Its lease, which it does not renew, runs out, and somebody takes the turn over.
        scene.Store.IsShared = true;
        scene.Clock.Advance(Incarnation.Lease);
        scene.Store.DeclaresDead = true;
        var again = await GiveAsync(scene, turn, "a cat").InTime();

        Assert.Same(TurnFailures.OwnerLost, again.Failure);
        scene.ExpectErrors();
    }

    [Fact]
    public async Task Interrupt_WaitingTurn_IsCancelledAndTheNewOneRuns()
    {
        await using var scene = new TurnScene();
        var waiting = await scene.StartAsync(Asking("/demo call=look rate=max", client: "look"));
        await WaitingAsync(scene, waiting);

        var next = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=1 rate=max",
            SessionId = "session",
            OnBusy = OnBusy.Interrupt,
        });

        Assert.Equal("alpha ", (await scene.Read(next).ToEndAsync()).Answer);
        Assert.Equal(StreamState.Cancelled, (await scene.StoredAsync(waiting)).State);
    }

    private static StreamChatRequest Asking(string message, string client = "", string second = "")
    {
        var request = new StreamChatRequest
        {
            Message = message,
            SessionId = "session",
            Tools = new ToolSelection(),
        };
        foreach (var name in (string[])[client, second])
        {
            if (name.Length > 0)
            {
                request.Tools.ClientTools.Add(new ClientTool { Name = name });
            }
        }

        return request;
    }

    // By a process that has stopped.
    private static async Task<(Turn Turn, ToolCall Call)> LeftWaitingAsync(string folder)
    {
        await using var scene = new TurnScene(folder: folder);
        var turn = await scene.StartAsync(Asking("/demo call=look rate=max", client: "look"));
        await WaitingAsync(scene, turn);
        return (turn, (await scene.Read(turn).UntilAsync(StreamChatResponse.EventOneofCase.ToolCall)).ToolCall);
    }

    private static async Task WaitingAsync(TurnScene scene, Turn turn)
    {
        await scene.Read(turn).UntilAsync(StreamChatResponse.EventOneofCase.ToolCall);
        while (!turn.IsWaiting)
        {
            await Task.Yield();
        }
    }

    private static Task<TakenResult> GiveAsync(TurnScene scene, Turn turn, string text)
    {
        var call = turn.Log.LastSequence;
        for (var after = 0L; after < call; after++)
        {
            if (turn.Log.Read(after, out var logged) == LogPosition.Event
                && logged!.ToolCall?.ArgumentsJson.Length > 0)
            {
                return scene.Results.TakeAsync(
                    TurnScene.Tenant, turn.Record.StreamId, Result(logged.ToolCall, text), CancellationToken.None);
            }
        }

        throw new InvalidOperationException("It has called nothing.");
    }

    private static ToolResult Result(ToolCall call, string text) => new() { Id = call.Id, Text = text };
}
