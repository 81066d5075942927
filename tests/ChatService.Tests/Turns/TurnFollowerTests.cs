using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

/// <summary>Turns that are open in the store and run in another incarnation: the tests' own commits.</summary>
public sealed class TurnFollowerTests
{
    [Fact]
    public async Task Resume_TurnOfAnother_EventsAsTheyAreCommittedToTheEnd()
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 1_000 });
        var turn = await OpenAsync(scene);
        await CommitAsync(scene, Sample.Write(turn, 1, 3));
        var early = await ReadAsync(scene, turn);
        var late = await ReadAsync(scene, turn, after: 2);
        for (var i = 4; i <= 60; i += 3)
        {
            await CommitAsync(scene, Sample.Write(turn, i, i + 2));
            await scene.PassTimeUntilAsync(SeesAsync(early, i + 2));
        }

        await CommitAsync(scene, End(turn, 61));
        await scene.PassTimeUntilAsync(Task.WhenAll(early.ToEndAsync(), late.ToEndAsync()));

        var stored = await scene.StoredEventsAsync(turn.Stream.StreamId);
        Assert.Equal(stored, early.Logged);
        Assert.Equal(stored.Skip(2), late.Logged);
        Assert.Equal((1, StreamState.Running), (early.Events[0].SessionInfo.Epoch, early.Events[0].SessionInfo.State));
        Assert.Null(early.Failure);
    }

    [Fact]
    public async Task Resume_BehindWhatIsCommitted_GoesOnWhenThatIs()
    {
        await using var scene = new TurnScene();
        var turn = await OpenAsync(scene);
        var reading = await ReadAsync(scene, turn, after: 5);

        await CommitAsync(scene, Sample.Write(turn, 1, 6));
        await scene.PassTimeUntilAsync(SeesAsync(reading, 6));

        Assert.Equal([6], reading.Logged.Select(logged => logged.Sequence));
        Assert.InRange(scene.Follower.MemoryBytes, 1, scene.Options.TailBytes);
    }

    [Fact]
    public async Task Resume_BehindWhereItEnds_OutOfRange()
    {
        await using var scene = new TurnScene();
        var turn = await OpenAsync(scene);
        var reading = await ReadAsync(scene, turn, after: 5);

        await CommitAsync(scene, End(turn, 1));
        await scene.PassTimeUntilAsync(reading.ToEndAsync());

        Assert.Equal("RESUME_OUT_OF_RANGE", reading.Failure!.Reason);
        Assert.Equal("1", reading.Failure.Metadata["last_sequence"]);
    }

    [Fact]
    public async Task Follow_TakenOver_SendsReadersAwayWhoAreToldWhatIsWithdrawn()
    {
        await using var scene = new TurnScene();
        var turn = await OpenAsync(scene);
        await CommitAsync(scene, Sample.Write(turn, 1, 3));
        var reading = await ReadAsync(scene, turn, after: 5);

        await CommitAsync(scene, Sample.Write(turn, 4, 4) with { NewEpoch = 2 });
        await scene.PassTimeUntilAsync(reading.ToEndAsync());

        Assert.Same(TurnFailures.OwnerLost, reading.Failure);
        var again = await ReadAsync(scene, turn, after: 5);
        _ = await again.UntilAsync(StreamChatResponse.EventOneofCase.Token);
        var info = again.Events[0].SessionInfo;
        Assert.Equal((2, 3), (info.Epoch, info.ResumedAfter));
    }

    [Fact]
    public async Task Follow_NewEpochFoundBeforeTheLook_ReadersOfTheOldOneAreSentAway()
    {
        await using var scene = new TurnScene();
        var turn = await OpenAsync(scene);
        var early = await ReadAsync(scene, turn);
        _ = await early.UntilAsync(StreamChatResponse.EventOneofCase.SessionInfo);
        await CommitAsync(scene, Sample.Write(turn, 1, 1) with { NewEpoch = 2 });

        var late = await ReadAsync(scene, turn);
        _ = await late.UntilAsync(StreamChatResponse.EventOneofCase.Token);
        await early.ToEndAsync();
        Assert.Same(TurnFailures.OwnerLost, early.Failure);

        // Who has found the old epoch and comes now is sent away as well, and nobody else.
        Assert.Same(TurnFailures.OwnerLost, scene.Follower.Follow(turn.Stream).Failure);
        await CommitAsync(scene, End(turn, 2) with { Epoch = 2, NewEpoch = 2 });
        await scene.PassTimeUntilAsync(late.ToEndAsync());
        Assert.Equal(2, late.End.LastSequence);
    }

    [Fact]
    public async Task Follow_NewEpochFoundDuringTheLook_OnlyReadersOfTheOldOneAreSentAway()
    {
        await using var scene = new TurnScene();
        var turn = await OpenAsync(scene);
        var late = new TaskCompletionSource<Reading>(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Store.AfterFollow = async () =>
        {
            scene.Store.AfterFollow = () => Task.CompletedTask;
            await CommitAsync(scene, Sample.Write(turn, 1, 1) with { NewEpoch = 2 });
            var reading = await ReadAsync(scene, turn);
            _ = await reading.UntilAsync(StreamChatResponse.EventOneofCase.Token);
            late.SetResult(reading);
        };

        var early = await ReadAsync(scene, turn);
        await early.ToEndAsync();
        Assert.Same(TurnFailures.OwnerLost, early.Failure);

        await CommitAsync(scene, End(turn, 2) with { Epoch = 2, NewEpoch = 2 });
        await scene.PassTimeUntilAsync((await late.Task.InTime()).ToEndAsync());
        Assert.Null((await late.Task).Failure);
    }

    [Fact]
    public async Task Follow_StoreAwayForAWhile_GoesOn()
    {
        await using var scene = new TurnScene();
        var turn = await OpenAsync(scene);
        var reading = await ReadAsync(scene, turn);

        scene.Store.Down = true;
        for (var looks = 0; looks < 80; looks++)
        {
            await NextLookAsync(scene, reading.ToEndAsync());
        }

        scene.Store.Down = false;
        await CommitAsync(scene, End(turn, 1));
        await scene.PassTimeUntilAsync(reading.ToEndAsync());
        Assert.Null(reading.Failure);
    }

    [Fact]
    public async Task Follow_StoreAwayForLong_SendsReadersAway()
    {
        await using var scene = new TurnScene();
        var reading = await ReadAsync(scene, await OpenAsync(scene));
        var began = scene.Clock.Elapsed;

        scene.Store.Down = true;
        var ended = reading.ToEndAsync();
        while (!ended.IsCompleted)
        {
            await NextLookAsync(scene, ended);
        }

        await ended;
        Assert.Equal("STORE_UNAVAILABLE", reading.Failure!.Reason);
        Assert.InRange((scene.Clock.Elapsed - began).TotalSeconds, 30, 32);
    }

    [Fact]
    public async Task End_ServiceStops_SendsReadersAway()
    {
        await using var scene = new TurnScene();
        var turn = await OpenAsync(scene);
        var reading = await ReadAsync(scene, turn);

        scene.Follower.End();

        await reading.ToEndAsync();
        Assert.Same(TurnFailures.Stopping, reading.Failure);
        var late = await ReadAsync(scene, turn);
        await late.ToEndAsync();
        Assert.Same(TurnFailures.Stopping, late.Failure);
    }

    [Fact]
    public async Task Follow_NobodyReadsAnyMore_AsksNoMore()
    {
        await using var scene = new TurnScene();
        var turn = await OpenAsync(scene);
        using var gone = new CancellationTokenSource();
        var reading = await ReadAsync(scene, turn, cancellationToken: gone.Token);
        await NextLookAsync(scene, reading.ToEndAsync());

        gone.Cancel();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(reading.ToEndAsync);
        await scene.PassTimeAsync(seconds: 20);
        var looks = scene.Store.Looks;
        await scene.PassTimeAsync(seconds: 20);
        Assert.Equal((true, looks), (looks > 0, scene.Store.Looks));

        var again = await ReadAsync(scene, turn);
        await CommitAsync(scene, End(turn, 1));
        await scene.PassTimeUntilAsync(again.ToEndAsync());
        Assert.Equal(1, again.End.LastSequence);
    }

    private static async Task<NewTurn> OpenAsync(TurnScene scene)
    {
        var turn = Sample.Turn("session", TurnScene.Tenant);
        var opened = await scene.Store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        Assert.Equal(OpenOutcome.Opened, opened.Outcome);
        return turn;
    }

    private static async Task CommitAsync(TurnScene scene, TurnWrite write) => Assert.Equal(
        WriteOutcome.Committed, (await scene.Store.CommitAsync([write], CancellationToken.None).InTime())[0].Outcome);

    private static TurnWrite End(NewTurn turn, long sequence)
    {
        var ended = new StreamEnd { State = StreamState.Completed, LastSequence = sequence };
        var end = new StreamChatResponse { Sequence = sequence, StreamEnd = ended };
        return new TurnWrite(turn.Stream.StreamId, Epoch: 1, [end], Sample.Closing());
    }

    private static async Task<Reading> ReadAsync(
        TurnScene scene, NewTurn turn, long after = 0, CancellationToken cancellationToken = default)
    {
        var result = await scene.ResumeAsync(turn.Stream.StreamId, epoch: 1, after);
        Assert.Null(result.Failure);
        return new Reading(result.Reader!, cancellationToken);
    }

    // It looks four times a second at least.
    private static async Task NextLookAsync(TurnScene scene, Task unless)
    {
        var pause = TimeSpan.FromMilliseconds(250);
        while (!(scene.Clock.UntilNextTimer <= pause) && !unless.IsCompleted)
        {
            await Task.Yield();
        }

        scene.Clock.Advance(pause);
    }

    private static async Task SeesAsync(Reading reading, long sequence)
    {
        while (reading.Logged is not [.., { } last] || last.Sequence < sequence)
        {
            await Task.Yield();
        }
    }
}
