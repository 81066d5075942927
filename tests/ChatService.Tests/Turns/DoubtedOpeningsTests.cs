using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Turns;

public sealed class DoubtedOpeningsTests
{
    private static readonly StreamChatRequest Request = new()
    {
        Message = "/demo tokens=3 rate=max",
        SessionId = "session",
        ClientRequestId = "once",
    };

    [Theory]
    [InlineData(Fate.DoneAndUnknown)]
    [InlineData(Fate.NotDoneAndUnknown)]
    public async Task Start_OutcomeUnknownAtFirst_BeginsAsIfNothingHadHappened(object fate)
    {
        await using var scene = new TurnScene();
        scene.Store.Fates.Enqueue((Fate)fate);

        var starting = scene.StartAsync(new StreamChatRequest(Request) { ClientRequestId = "" });
        await PassTriesAsync(scene, starting);
        var turn = await starting;

        await StreamContract.CheckAsync(
            scene, turn, await scene.Read(turn).ToEndAsync(), StreamState.Completed);
        Assert.Equal(2, scene.Store.Openings);
        Assert.Single(scene.Model.Requests);
    }

    [Fact]
    public async Task Start_NobodyKnowsAndNobodyComesAgain_EndsWithoutAskingTheModel()
    {
        await using var scene = new TurnScene();
        await FailAsync(scene, new StreamChatRequest(Request) { ClientRequestId = "" });
        var stream = Assert.Single(await OpenAsync(scene));
        var turn = scene.Registry.Find(TurnScene.Tenant, stream.StreamId)!;

        await scene.PassTimeUntilAsync(turn.Completion);

        var reading = await scene.Read(turn).ToEndAsync();
        Assert.Equal(StreamState.Interrupted, reading.End.State);
        Assert.Contains(reading.Events, e => e.Error?.Reason == "TURN_OPENED_LATE");
        Assert.Empty(scene.Model.Requests);
        Assert.Equal(
            StreamState.Completed, (await scene.AllAsync("/demo tokens=3 rate=max")).End.State);
    }

    [Fact]
    public async Task Start_NobodyKnowsAndTheRequestComesAgain_RunsOnce()
    {
        await using var scene = new TurnScene();
        await FailAsync(scene, Request);

        var again = await scene.Opening.StartAsync(TurnScene.Tenant, Request, CancellationToken.None).InTime();

        var reading = await new Reading(again.Reader!).ToEndAsync();
        Assert.Equal(StreamState.Completed, reading.End.State);
        Assert.Single(scene.Model.Requests);
    }

    [Fact]
    public async Task Start_NobodyKnowsAndItIsNotThere_IsForgotten()
    {
        await using var scene = new TurnScene();
        await FailAsync(scene, Request, isDone: false);

        await scene.PassTimeAsync(seconds: 40);

        Assert.Empty(await OpenAsync(scene));
        Assert.Equal(0, scene.Registry.MemoryBytes);
    }

    [Fact]
    public async Task Start_NobodyKnowsAndAnotherTurnIsInTheWay_IsLookedAfterAllTheSame()
    {
        await using var scene = new TurnScene();
        var running = await scene.StartAsync("/demo hang after=0 rate=max");
        await scene.Model.WaitsAsync().InTime();
        var alone = scene.Registry.MemoryBytes;
        scene.Store.Fates.Enqueue(Fate.NotDoneAndUnknown);

        var busy = scene.FailAsync(new StreamChatRequest(Request) { ClientRequestId = "" });
        await PassTriesAsync(scene, busy);

        Assert.Equal("SESSION_BUSY", (await busy).Reason);
        Assert.True(scene.Registry.MemoryBytes > alone);
        _ = await scene.CancelAsync(running);
        await scene.PassTimeAsync(seconds: 40);
        Assert.Equal(0, scene.Registry.MemoryBytes);
    }

    [Fact]
    public async Task Stop_NobodyKnowsOfAnOpening_DoesNotWaitForIt()
    {
        await using var scene = new TurnScene();
        await FailAsync(scene, Request, isDone: false);
        scene.Store.Down = true;

        await scene.StopAsync();

        Assert.Equal(0, scene.Registry.MemoryBytes);
    }

    // The first try is done or not, and nobody learns it; for two seconds all others fail.
    private static async Task FailAsync(TurnScene scene, StreamChatRequest request, bool isDone = true)
    {
        scene.Store.Fates.Enqueue(isDone ? Fate.DoneAndUnknown : Fate.NotDoneAndUnknown);
        for (var i = 0; i < 20; i++)
        {
            scene.Store.Fates.Enqueue(Fate.NotDoneAndUnknown);
        }

        var starting = scene.Opening.StartAsync(TurnScene.Tenant, request, CancellationToken.None);
        await PassTriesAsync(scene, starting);
        await Assert.ThrowsAsync<StoreException>(() => starting);
        scene.Store.Fates.Clear();
    }

    // Only from one try to the next, or the clock would be ahead of a busy machine.
    private static async Task PassTriesAsync(TurnScene scene, Task starting)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (!starting.IsCompleted)
        {
            if (scene.Clock.UntilNextTimer <= pause)
            {
                scene.Clock.Advance(pause);
            }

            await Task.Yield();
        }
    }

    private static Task<IReadOnlyList<StreamRecord>> OpenAsync(TurnScene scene) => scene.OpenAsync();
}
