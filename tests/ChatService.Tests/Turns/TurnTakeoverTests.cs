using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;
using Dapper;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnTakeoverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Look_StoreOfADeadProcess_InterruptedWithWhatWasSaved(int tokens)
    {
        var (turn, shown) = await DieAsync($"/demo rate=max reasoning=1 hang after={tokens}", tokens);
        await using var scene = new TurnScene(folder: _folder.Path);

        await scene.Takeover.LookAsync(CancellationToken.None).InTime();

        Assert.Equal([turn.Record.StreamId], Ended(scene));
        var stored = await scene.StoredAsync(turn);
        Assert.Equal((StreamState.Interrupted, 2), (stored.State, stored.Epoch));
        var events = await scene.StoredEventsAsync(stored.StreamId);
        Assert.Equal(Enumerable.Range(1, (int)stored.LastSequence), events.Select(e => (int)e.Sequence));
        Assert.Equal(shown, events.Take(shown.Count));
        string[] ending = tokens > 1
            ? ["Warning", "Error", "ResponseSaved", "StreamEnd"]
            : ["Warning", "Error", "StreamEnd"];
        Assert.Equal(ending, events.Skip(shown.Count).Select(e => $"{e.EventCase}"));
        Assert.Equal("OWNER_LOST", events[shown.Count].Warning.Code);
        var error = events[shown.Count + 1].Error;
        Assert.Equal(("TURN_INTERRUPTED", 14), (error.Reason, error.Code));
        CheckEnd(events, (await scene.StoredBranchAsync(stored))[^1], stored);
        Assert.DoesNotContain(scene.Log.Entries, entry => entry.Text.Contains("alpha", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Look_Twice_TheSecondFindsNothing()
    {
        var (turn, _) = await DieAsync("/demo rate=max hang after=2", 2);
        await using var scene = new TurnScene(folder: _folder.Path);
        await scene.Takeover.LookAsync(CancellationToken.None).InTime();
        var stored = await scene.StoredAsync(turn);

        await scene.Takeover.LookAsync(CancellationToken.None).InTime();

        Assert.Equal(stored, await scene.StoredAsync(turn));
        Assert.Single(Ended(scene));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1)]
    [InlineData(0)]
    public async Task Look_NextTurnOfTheSession_IsWarnedOnce(int contextLimit)
    {
        _ = await DieAsync("/demo rate=max hang after=2", 2);
        await using var scene = new TurnScene(folder: _folder.Path);
        await scene.Takeover.LookAsync(CancellationToken.None).InTime();

        var turn = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=1 rate=max",
            SessionId = "session",
            ContextLimit = contextLimit,
        });
        var next = await scene.Read(turn).ToEndAsync();
        var afterNext = await scene.AllAsync("/demo tokens=1 rate=max");

        Assert.Equal("SessionInfo Warning Token Done ResponseSaved StreamEnd", next.Shape);
        Assert.Equal("PREVIOUS_TURN_INTERRUPTED", next.Logged[0].Warning.Code);
        Assert.Equal(Math.Min(contextLimit, 2) + 1, scene.Model.Requests.First().Messages.Count);
        Assert.Equal("SessionInfo Token Done ResponseSaved StreamEnd", afterNext.Shape);
    }

    [Fact]
    public async Task Look_TurnWasLetRunByACommitOfWhichNobodyKnew_RunsNow()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var (running, queued) = await QueueAsync(scene);
        var closing = new TurnWrite(running.Record.StreamId, Epoch: 1, Sample.Tokens(1, 1), Sample.Closing());
        _ = await scene.Store.CommitAsync([closing], CancellationToken.None).InTime();
        Assert.True(queued.IsQueued);

        await scene.Takeover.LookAsync(CancellationToken.None).InTime();

        await StreamContract.CheckAsync(
            scene, queued, await scene.Read(queued).ToEndAsync(), StreamState.Completed);
        await scene.StopAsync();
    }

    [Fact]
    public async Task Look_TurnThatWaitsHereWasEndedElsewhere_ItsReadersAreSentAway()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var (running, queued) = await QueueAsync(scene);
        var (reading, streamId) = (scene.Read(queued), queued.Record.StreamId);
        var closing = new TurnWrite(streamId, Epoch: 1, Sample.Tokens(1, 1), Sample.Closing());
        _ = await scene.Store.CommitAsync([closing], CancellationToken.None).InTime();

        await scene.Takeover.LookAsync(CancellationToken.None).InTime();

        Assert.Same(TurnFailures.OwnerLost, (await reading.ToEndAsync()).Failure);
        Assert.Equal(1, (await scene.AgainAsync(streamId)).Logged[^1].Sequence);
        Assert.True((await scene.StoredAsync(running)).IsOpen);
        await scene.StopAsync();
    }

    [Fact]
    public async Task Look_TurnsWereAnothersMeanwhile_WhatWaitedBeginsAnewAndItsReadersAreSentAway()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var (running, queued) = await QueueAsync(scene);
        var reading = scene.Read(queued);
        _ = await scene.Store.TakeOverAsync("another", TimeSpan.Zero, CancellationToken.None).InTime();

        await scene.Takeover.LookAsync(CancellationToken.None).InTime();

        Assert.Same(TurnFailures.OwnerLost, (await reading.ToEndAsync()).Failure);
        Assert.Equal((StreamState.Interrupted, 3), await StateAsync(running));
        var again = await scene.AgainAsync(queued.Record.StreamId, epoch: 1);
        Assert.Equal(StreamState.Completed, again.End.State);
        Assert.Equal((StreamState.Completed, 3), await StateAsync(queued));
        await scene.StopAsync();

        async Task<(StreamState, long)> StateAsync(Turn turn)
        {
            var stored = await scene.StoredAsync(turn);
            return (stored.State, stored.Epoch);
        }
    }

    [Theory]
    [InlineData("UPDATE stream_chunk SET body = x'ff'")]
    [InlineData("UPDATE stream SET request = x'ff', state = 1")]
    public async Task Look_TurnThatNobodyCanDecode_IsLeftAndKeepsNothingFromStarting(string damage)
    {
        var (broken, _) = await DieAsync("/demo rate=max hang after=2", 2);
        using (var connection = new SqliteDatabase(Path.Combine(_folder.Path, "chat.db")).OpenWriter())
        {
            _ = connection.Execute(damage);
        }

        await using var scene = new TurnScene(folder: _folder.Path);
        scene.ExpectErrors();
        await scene.Takeover.LookAsync(CancellationToken.None).InTime();

        Assert.Contains(scene.Log.Entries, entry => entry.Id == 1019);
        Assert.True((await scene.StoredAsync(broken)).IsOpen);
        Assert.Equal(StreamState.Completed, (await scene.AllAsync("/demo tokens=1 rate=max", "other")).End.State);
    }

    [Fact]
    public async Task Look_ServiceStopsBeforeItKnowsAllThatItTook_WhatWaitsIsGivenAwayUnrun()
    {
        Turn queued;
        await using (var dead = new TurnScene(folder: _folder.Path))
        {
            _ = await dead.StartAsync("/demo rate=max hang after=0");
            queued = await dead.StartAsync(
                new StreamChatRequest { Message = "x", SessionId = "session", OnBusy = OnBusy.Queue });
            await dead.AbandonAsync();
        }

        await using var scene = new TurnScene(folder: _folder.Path);
        scene.Store.IsShared = true;
        scene.Store.Close();
        var looking = scene.Takeover.LookAsync(CancellationToken.None);
        await scene.Store.Held.WaitAsync().InTime();
        scene.Drain.Begin();
        scene.Store.Open();
        await looking.InTime();

        Assert.Single(Ended(scene));
        Assert.Equal(StreamState.Queued, (await scene.StoredAsync(queued)).State);
        Assert.Equal([queued.Record.StreamId], scene.Store.Released);
    }

    [Fact]
    public async Task Look_OneCannotBeEndedNow_AllOthersAre()
    {
        const int Turns = 20;
        await using (var dead = new TurnScene(folder: _folder.Path))
        {
            for (var i = 0; i < Turns; i++)
            {
                _ = await dead.StartAsync("/demo rate=max hang after=0", $"session-{i}");
            }

            await dead.AbandonAsync();
        }

        await using var scene = new TurnScene(folder: _folder.Path);
        scene.Store.Fates.Enqueue(Fate.NotDoneAndUnknown);

        _ = await Assert.ThrowsAsync<StoreException>(() => scene.Takeover.LookAsync(CancellationToken.None).InTime());
        Assert.Equal(Turns - 1, Ended(scene).Distinct().Count());

        await scene.Takeover.LookAsync(CancellationToken.None).InTime();
        Assert.Equal(Turns, Ended(scene).Distinct().Count());
        Assert.Empty(await scene.OpenAsync());
    }

    [Fact]
    public async Task Look_TurnThatWasGivenUpAndHasNoOtherOwner_IsEndedInANewEpoch()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var turn = await scene.StartAsync("/demo rate=max hang after=0");
        await scene.Model.WaitsAsync().InTime();

        // The store's log ends elsewhere than the owner's: it is fenced, and nobody else has the stream.
        var foreign = new TurnWrite(turn.Record.StreamId, Epoch: 1, Sample.Tokens(1, 2));
        _ = await scene.Store.CommitAsync([foreign], CancellationToken.None).InTime();
        Assert.Equal(StreamState.Running, (await scene.CancelAsync(turn)).State);
        await scene.Takeover.LookAsync(CancellationToken.None).InTime();
        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await scene.Takeover.LookAsync(CancellationToken.None).InTime();

        Assert.Contains(scene.Log.Entries, entry => entry.Id == 1017);
        var again = await scene.AgainAsync(turn.Record.StreamId, epoch: 1, after: 7);
        Assert.Equal((2, 2), (again.Events[0].SessionInfo.Epoch, again.Events[0].SessionInfo.ResumedAfter));
        Assert.Equal(StreamState.Interrupted, again.End.State);
    }

    // One hangs, and one waits for it.
    private static async Task<(Turn Running, Turn Queued)> QueueAsync(TurnScene scene)
    {
        var running = await scene.StartAsync("/demo rate=max hang after=0");
        var queued = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=3 rate=max",
            SessionId = "session",
            OnBusy = OnBusy.Queue,
        });
        await scene.Model.WaitsAsync().InTime();
        return (running, queued);
    }

    private async Task<(Turn Turn, IReadOnlyList<StreamChatResponse> Committed)> DieAsync(string message, int events)
    {
        await using var scene = new TurnScene(folder: _folder.Path);
        var turn = await scene.StartAsync(message);
        await scene.Model.WaitsAsync().InTime();
        while ((await scene.StoredAsync(turn)).LastSequence < events)
        {
            await Task.Yield();
        }

        var committed = await scene.StoredEventsAsync(turn.Record.StreamId);
        await scene.AbandonAsync();
        return (turn, committed);
    }

    // The log names them between a colon and a full stop.
    private static List<string> Ended(TurnScene scene) =>
    [
        .. scene.Log.Entries.Where(entry => entry.Id == 1006)
            .SelectMany(entry => entry.Text.Split(": ")[1].Split('.')[0].Split(", ")),
    ];

    private static void CheckEnd(
        IReadOnlyList<StreamChatResponse> events, MessageRecord answer, StreamRecord stored)
    {
        var said = new AnswerText();
        foreach (var token in events.Where(e => e.Token is not null))
        {
            said.Append(token.Token);
        }

        var end = events[^1].StreamEnd;
        Assert.Equal((StreamState.Interrupted, stored.LastSequence), (end.State, end.LastSequence));
        Assert.Equal(said.Sha256(), end.AnswerSha256);
        Assert.Equal(StreamState.Interrupted, answer.Status);
        Assert.Equal(said.Parts, answer.Parts);
    }
}
