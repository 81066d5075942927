using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Tests.Turns;

public sealed class SessionDeletionTests
{
    [Fact]
    public async Task Run_RunningTurn_IsCancelledForItsReadersAndNothingIsLeft()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo hang after=0");
        var reading = scene.Read(turn);

        Assert.Null(await DeleteAsync(scene));

        _ = await reading.ToEndAsync();
        Assert.Equal(StreamState.Cancelled, reading.Logged[^1].StreamEnd.State);
        Assert.Null(await scene.Store.FindSessionAsync(TurnScene.Tenant, "session", CancellationToken.None));
        Assert.Null(await scene.Store.FindStreamAsync(
            TurnScene.Tenant, turn.Record.StreamId, CancellationToken.None));
    }

    [Fact]
    public async Task Run_TurnThatTheStoreJustOpened_IsCancelledToo()
    {
        await using var scene = new TurnScene();
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Store.AfterOpening = () => opened.Task;
        var starting = scene.Opening.StartAsync(
            TurnScene.Tenant,
            new StreamChatRequest { Message = "/demo hang after=0", SessionId = "session" },
            CancellationToken.None);
        var busy = 0;
        scene.Store.AfterDelete = result =>
        {
            if (result.Outcome == DeleteOutcome.SessionBusy)
            {
                busy++;
                opened.TrySetResult();
            }

            return Task.CompletedTask;
        };

        Assert.Null(await DeleteAsync(scene));

        Assert.Equal(1, busy);
        var reading = await new Reading((await starting.InTime()).Reader!).ToEndAsync();
        Assert.Equal(StreamState.Cancelled, reading.Logged[^1].StreamEnd.State);
    }

    [Fact]
    public async Task Run_TurnThatBeginsInBetween_IsEndedAsWell()
    {
        await using var scene = new TurnScene();
        _ = await scene.StartAsync("/demo hang after=0");
        var left = 3;
        scene.Store.BeforeDelete = async () =>
        {
            if (left-- is < 3 and > 0)
            {
                _ = await scene.StartAsync("/demo hang after=0");
            }
        };

        Assert.Null(await DeleteAsync(scene));

        Assert.True(left < 0);
        Assert.Null(await scene.Store.FindSessionAsync(TurnScene.Tenant, "session", CancellationToken.None));
    }

    [Fact]
    public async Task Run_TurnsThatBeginForEver_AbortedAndTheSessionStays()
    {
        await using var scene = new TurnScene();
        scene.Store.BeforeDelete = async () => _ = await scene.StartAsync("/demo hang after=0");

        var failure = await DeleteAsync(scene);

        Assert.Equal((Code.Aborted, "SESSION_BUSY", true), (failure!.Code, failure.Reason, failure.Retryable));
        var session = await scene.Store.FindSessionAsync(TurnScene.Tenant, "session", CancellationToken.None);
        Assert.Equal(session!.RunningStreamId, failure.Metadata["stream_id"]);
    }

    [Fact]
    public async Task Run_AbsentOrForeign_TheSameNotFound()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo hang after=0");
        var deletion = scene.Deletion;

        var absent = await deletion.RunAsync(TurnScene.Tenant, "absent", CancellationToken.None).InTime();
        var foreign = await deletion.RunAsync("foreign", "session", CancellationToken.None).InTime();

        Assert.Equal((Code.NotFound, "SESSION_NOT_FOUND"), (absent!.Code, absent.Reason));
        Assert.Equal(absent, foreign);
        Assert.Equal(StreamState.Running, (await scene.StoredAsync(turn)).State);
    }

    [Fact]
    public async Task Run_StoreAway_ThrowsInTime()
    {
        await using var scene = new TurnScene();
        _ = await scene.StartAsync("/demo hang after=0");
        scene.ExpectErrors();
        scene.Store.Away = true;

        var deleting = scene.Deletion
            .RunAsync(TurnScene.Tenant, "session", CancellationToken.None);

        await Assert.ThrowsAsync<StoreException>(() => scene.PassTimeUntilAsync(deleting));
    }

    [Fact]
    public async Task Read_SlowReaderOfADeletedSession_EndsWithNotFound()
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 2_000 });
        var turn = await scene.StartAsync("/demo tokens=500 rate=max");
        await turn.Completion.InTime();
        Assert.Null(await DeleteAsync(scene));

        var reading = await scene.Read(turn).ToEndAsync();

        Assert.Equal("SessionInfo", reading.Shape);
        Assert.Equal((Code.NotFound, "STREAM_NOT_FOUND"), (reading.Failure!.Code, reading.Failure.Reason));
    }

    [Fact]
    public async Task Start_AfterTheDeletion_IsANewSession()
    {
        await using var scene = new TurnScene();
        _ = await scene.AllAsync("/demo tokens=1 rate=max");
        Assert.Null(await DeleteAsync(scene));

        var reading = await scene.AllAsync("/demo tokens=2 rate=max");

        var request = scene.Model.Requests.Last();
        Assert.Single(request.Messages);
        var session = await scene.Store.FindSessionAsync(TurnScene.Tenant, "session", CancellationToken.None);
        Assert.Equal(("/demo tokens=2 rate=max", null), (session!.Title, session.RunningStreamId));
        Assert.Equal(StreamState.Completed, reading.Logged[^1].StreamEnd.State);
    }

    [Fact]
    public async Task Start_OpeningRefused_TheTurnIsForgotten()
    {
        await using var scene = new TurnScene();
        scene.Store.Down = true;
        await Assert.ThrowsAsync<StoreException>(() => scene.StartAsync("x"));
        scene.Store.Down = false;
        _ = await scene.StartAsync("/demo hang after=0");
        var busy = await scene.Opening.StartAsync(
            TurnScene.Tenant, new StreamChatRequest { Message = "x", SessionId = "session" }, CancellationToken.None);

        // A turn that was not opened and not forgotten would hold the service's end up.
        await scene.StopAsync();

        Assert.NotNull(busy.Failure);
    }

    private static Task<Failure?> DeleteAsync(TurnScene scene) =>
        scene.Deletion
            .RunAsync(TurnScene.Tenant, "session", CancellationToken.None).InTime();
}
