using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnReadingTests
{
    [Fact]
    public async Task Resume_EndedAtEverySequence_TheRestByteForByte()
    {
        await using var scene = new TurnScene();
        var whole = await scene.AllAsync("/demo tokens=12 rate=max");
        var info = whole.Events[0].SessionInfo;

        for (var after = 0; after <= whole.End.LastSequence; after++)
        {
            var rest = await scene.AgainAsync(info.StreamId, info.Epoch, after);

            Assert.Equal(after, rest.Events[0].SessionInfo.ResumedAfter);
            Assert.Equal(StreamState.Completed, rest.Events[0].SessionInfo.State);
            Assert.Equal(whole.Logged.Skip(after), rest.Logged);
        }
    }

    [Fact]
    public async Task Resume_WhileItRuns_LiveToTheEnd()
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 4_096 });
        var turn = await scene.StartAsync("/demo tokens=400 rate=max");
        var reading = scene.Read(turn);
        _ = await reading.UntilAsync(StreamChatResponse.EventOneofCase.Token);

        var resumed = Enumerable.Range(0, 50).Select(async i =>
        {
            var after = Math.Min(i, turn.Log.ShownSequence);
            return await scene.AgainAsync(turn.Record.StreamId, 1, after);
        }).ToList();
        var all = await Task.WhenAll(resumed).InTime();

        _ = await reading.ToEndAsync();
        Assert.All(
            all,
            rest => Assert.Equal(reading.Logged.Skip((int)rest.Events[0].SessionInfo.ResumedAfter), rest.Logged));
        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
    }

    [Fact]
    public async Task Resume_AfterACrash_WithdrawsWhatWasNotCommitted()
    {
        using var folder = new TemporaryFolder();
        string stream;
        long shown;
        await using (var scene = new TurnScene(folder: folder.Path))
        {
            var turn = await scene.StartAsync("/demo tokens=6 hang after=6 rate=max");
            stream = turn.Record.StreamId;
            _ = await scene.Read(turn).UntilAsync(StreamChatResponse.EventOneofCase.Token);
            await scene.Model.WaitsAsync().InTime();
            shown = turn.Log.ShownSequence;
            await scene.AbandonAsync();
        }

        await using var next = new TurnScene(folder: folder.Path);
        await next.Takeover.LookAsync(CancellationToken.None).InTime();
        var again = await next.AgainAsync(stream, epoch: 1, after: shown);

        var info = again.Events[0].SessionInfo;
        var whole = await next.StoredEventsAsync(stream);
        Assert.Equal((2, StreamState.Interrupted), (info.Epoch, info.State));
        Assert.Equal(whole.Count(one => one.Token is not null), info.ResumedAfter);
        Assert.Equal(whole.Skip((int)info.ResumedAfter), again.Logged);
        Assert.Equal(StreamState.Interrupted, again.End.State);
    }

    [Theory]
    [InlineData(1, 6, "")]
    [InlineData(1, 7, "RESUME_OUT_OF_RANGE")]
    [InlineData(2, 1, "RESUME_OUT_OF_RANGE")]
    [InlineData(1, long.MaxValue, "RESUME_OUT_OF_RANGE")]
    public async Task Resume_BeyondTheEnd_OutOfRange(long epoch, long after, string reason)
    {
        await using var scene = new TurnScene();
        var whole = await scene.AllAsync("/demo tokens=3 rate=max");
        Assert.Equal(6, whole.End.LastSequence);

        var result = await scene.ResumeAsync(whole.Events[0].SessionInfo.StreamId, epoch, after);

        Assert.Equal(reason, result.Failure?.Reason ?? "");
        Assert.True(result.Failure is null or { Code: Code.OutOfRange });
    }

    [Fact]
    public async Task Resume_BeyondWhatARunningTurnHasShown_OutOfRange()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo hang after=2 rate=max");
        await scene.Model.WaitsAsync().InTime();

        var result = await scene.ResumeAsync(turn.Record.StreamId, 1, 3);

        Assert.Equal(Code.OutOfRange, result.Failure!.Code);
        Assert.Equal("2", result.Failure.Metadata["last_sequence"]);
    }

    /// <summary>This process was frozen, say, and taken for dead, and has not heard of it.</summary>
    [Fact]
    public async Task Resume_InAnEpochThatThisProcessDoesNotKnow_AsTheStoreHasIt()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var turn = await scene.StartAsync("/demo tokens=3 hang after=3 rate=max");
        await SavedAsync().InTime();
        const int Last = 3;
        var end = new StreamChatResponse
        {
            Sequence = Last + 1,
            StreamEnd = new StreamEnd { State = StreamState.Interrupted, LastSequence = Last + 1 },
        };
        var closing = new TurnWrite(turn.Record.StreamId, Epoch: 1, [end], Sample.Closing()) { NewEpoch = 2 };
        var written = await scene.Store.CommitAsync([closing], CancellationToken.None).InTime();
        Assert.Equal(WriteOutcome.Committed, written[0].Outcome);

        var rest = await scene.AgainAsync(turn.Record.StreamId, epoch: 2, after: Last);

        Assert.Equal((2, Last), (rest.Events[0].SessionInfo.Epoch, rest.Events[0].SessionInfo.ResumedAfter));
        Assert.Equal([Last + 1], rest.Logged.Select(logged => logged.Sequence));
        var wrong = await scene.ResumeAsync(turn.Record.StreamId, epoch: 3, Last);
        Assert.Equal("RESUME_OUT_OF_RANGE", wrong.Failure!.Reason);

        async Task SavedAsync()
        {
            while ((await scene.StoredEventsAsync(turn.Record.StreamId)).Count < Last)
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Resume_UnknownOrForeign_NotFoundAlike()
    {
        await using var scene = new TurnScene();
        var running = await scene.StartAsync("/demo hang after=0");
        var ended = await scene.AllAsync("/demo tokens=1 rate=max", "other");

        foreach (var id in new[] { "none", running.Record.StreamId, ended.Events[0].SessionInfo.StreamId })
        {
            var result = await scene.Readers.ResumeAsync(
                "foreign", new Resume { StreamId = id }, pacing: null, CancellationToken.None).InTime();
            Assert.Equal(ReadFailures.StreamNotFound.Message, result.Failure!.Message);
            Assert.Equal(Code.NotFound, result.Failure.Code);
        }
    }

    [Fact]
    public async Task Resume_LogExpired_FailedPreconditionWithTheMessage()
    {
        await using var scene = new TurnScene();
        var whole = await scene.AllAsync("/demo tokens=1 rate=max");
        var info = whole.Events[0].SessionInfo;
        _ = await scene.Store.ExpireLogsAsync(DateTimeOffset.MaxValue, 10, CancellationToken.None).InTime();

        var result = await scene.ResumeAsync(info.StreamId, 1, 1);

        Assert.Equal((Code.FailedPrecondition, "LOG_EXPIRED"), (result.Failure!.Code, result.Failure.Reason));
        Assert.Equal(info.MessageId, result.Failure.Metadata["message_id"]);
    }

    [Fact]
    public async Task Read_LogThatExpiresBeforeItIsThrough_LogExpired()
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 2_000 });
        var turn = await scene.StartAsync("/demo tokens=500 rate=max");
        await turn.Completion.InTime();
        _ = await scene.Store.ExpireLogsAsync(DateTimeOffset.MaxValue, 10, CancellationToken.None).InTime();

        var reading = await scene.Read(turn).ToEndAsync();

        Assert.Equal("LOG_EXPIRED", reading.Failure!.Reason);
        Assert.Equal(turn.Record.MessageId, reading.Failure.Metadata["message_id"]);
    }

    [Fact]
    public async Task Resume_AfterTheErrorOfAFailedTurn_KnowsItAllTheSame()
    {
        await using var scene = new TurnScene();
        var whole = await scene.AllAsync("/demo fail=network after=3 rate=max");

        for (var after = 0; after <= whole.End.LastSequence; after++)
        {
            var result = await scene.ResumeAsync(whole.Events[0].SessionInfo.StreamId, 1, after);
            _ = await new Reading(result.Reader!).ToEndAsync();

            Assert.Null(result.Reader!.Failure);
            Assert.Equal("PROVIDER_UNREACHABLE", result.Reader.Error!.Reason);
        }
    }
}
