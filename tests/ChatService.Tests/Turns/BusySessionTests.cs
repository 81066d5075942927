using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Tests.Turns;

/// <summary>What becomes of messages that come while their session is still answering.</summary>
public sealed class BusySessionTests
{
    [Fact]
    public async Task Queue_BehindARunningTurn_RunInTheOrderInWhichTheyCame()
    {
        await using var scene = new TurnScene();
        var running = await scene.StartAsync("/demo hang after=0");
        var waiting = new List<Turn>();
        for (var i = 1; i <= 3; i++)
        {
            waiting.Add(await scene.StartAsync(Queued($"/demo tokens={i} rate=max")));
        }

        var infos = new List<SessionInfo>();
        foreach (var turn in waiting)
        {
            infos.Add((await scene.ResumeAsync(turn.Record.StreamId)).Reader is { } reader
                ? (await new Reading(reader).UntilAsync(StreamChatResponse.EventOneofCase.SessionInfo)).SessionInfo
                : new SessionInfo());
        }

        Assert.Equal([1, 2, 3], infos.Select(info => info.TurnsAhead));
        Assert.All(infos, info => Assert.Equal(StreamState.Queued, info.State));

        _ = await scene.CancelAsync(running);
        foreach (var turn in waiting)
        {
            await StreamContract.CheckAsync(
                scene, turn, await scene.Read(turn).ToEndAsync(), StreamState.Completed);
        }

        // Each sees the answer to the one before it.
        Assert.Equal([1, 2, 4, 6], scene.Model.Requests.Select(request => request.Messages.Count));
    }

    [Fact]
    public async Task Queue_SeventeenthWaiting_ResourceExhausted()
    {
        await using var scene = new TurnScene();
        _ = await scene.StartAsync("/demo hang after=0");
        for (var i = 0; i < 16; i++)
        {
            _ = await scene.StartAsync(Queued("/demo tokens=1 rate=max"));
        }

        var failure = await scene.FailAsync(Queued("/demo tokens=1 rate=max"));

        Assert.Equal((Code.ResourceExhausted, "QUEUE_FULL", true), (failure.Code, failure.Reason, failure.Retryable));
    }

    [Fact]
    public async Task Cancel_QueuedTurn_EndsAtOnceAndTheOthersMoveUp()
    {
        await using var scene = new TurnScene();
        var running = await scene.StartAsync("/demo hang after=0");
        var first = await scene.StartAsync(Queued("/demo tokens=1 rate=max"));
        var second = await scene.StartAsync(Queued("/demo tokens=2 rate=max"));

        var ended = await scene.CancelAsync(first);

        Assert.Equal((StreamState.Cancelled, 3L), (ended.State, ended.LastSequence));
        await StreamContract.CheckAsync(scene, first, await scene.Read(first).ToEndAsync(), StreamState.Cancelled);
        Assert.True(second.IsQueued);
        _ = await scene.CancelAsync(running);
        await StreamContract.CheckAsync(scene, second, await scene.Read(second).ToEndAsync(), StreamState.Completed);
        Assert.Equal(2, scene.Model.Requests.Count);
    }

    [Fact]
    public async Task Interrupt_RunningAndQueuedTurns_AreCancelledAndTheNewOneRuns()
    {
        await using var scene = new TurnScene();
        var running = await scene.StartAsync("/demo hang after=3 rate=max");
        await scene.Model.WaitsAsync().InTime();
        var waiting = await scene.StartAsync(Queued("/demo tokens=1 rate=max"));

        var turn = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=5 rate=max",
            SessionId = "session",
            OnBusy = OnBusy.Interrupt,
        });

        await StreamContract.CheckAsync(scene, turn, await scene.Read(turn).ToEndAsync(), StreamState.Completed);
        Assert.Equal(StreamState.Cancelled, (await scene.StoredAsync(running)).State);
        Assert.Equal(StreamState.Cancelled, (await scene.StoredAsync(waiting)).State);
        Assert.Equal(2, scene.Model.Requests.Count);
    }

    [Theory]
    [InlineData(OnBusy.Queue)]
    [InlineData(OnBusy.Interrupt)]
    public async Task Start_IdleSession_RunsAtOnce(OnBusy onBusy)
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync(
            new StreamChatRequest { Message = "/demo tokens=1 rate=max", OnBusy = onBusy });

        var reading = await scene.Read(turn).ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
    }

    [Fact]
    public async Task CancelSession_RunningAndQueued_AllEndAndNoneIsPromoted()
    {
        await using var scene = new TurnScene();
        var turns = new List<Turn> { await scene.StartAsync("/demo hang after=0") };
        for (var i = 0; i < 5; i++)
        {
            turns.Add(await scene.StartAsync(Queued("/demo tokens=1 rate=max")));
        }

        await scene.Model.WaitsAsync().InTime();
        var newest = await scene.Cancelling.CancelAsync(
            TurnScene.Tenant, new CancelStreamRequest { SessionId = "session" }, CancellationToken.None).InTime();

        Assert.Equal((turns[^1].Record.StreamId, StreamState.Cancelled), (newest!.StreamId, newest.State));
        foreach (var turn in turns)
        {
            Assert.Equal(StreamState.Cancelled, (await scene.StoredAsync(turn)).State);
        }

        Assert.Single(scene.Model.Requests);
        Assert.Equal(newest, await scene.Cancelling.CancelAsync(
            TurnScene.Tenant, new CancelStreamRequest { SessionId = "session" }, CancellationToken.None).InTime());
    }

    [Fact]
    public async Task CancelByRequestId_BeforeTheFirstToken_EndsAtTheProvider()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync(
            new StreamChatRequest { Message = "/demo hang after=0", ClientRequestId = "once" });
        await scene.Model.WaitsAsync().InTime();

        var request = new CancelStreamRequest { ClientRequestId = "once" };
        var ended = await scene.Cancelling.CancelAsync(TurnScene.Tenant, request, CancellationToken.None).InTime();

        Assert.Equal((turn.Record.StreamId, StreamState.Cancelled), (ended!.StreamId, ended.State));
        Assert.Null(await scene.Cancelling.CancelAsync("foreign", request, CancellationToken.None).InTime());
    }

    private static StreamChatRequest Queued(string message) =>
        new() { Message = message, SessionId = "session", OnBusy = OnBusy.Queue };
}
