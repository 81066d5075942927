using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tests.Turns;

/// <summary>Turns of several steps, over the real store and the built-in model.</summary>
public sealed class ToolTurnTests
{
    private static readonly AIFunction Echo = AIFunctionFactory.Create((string text) => text, "echo");

    [Fact]
    public async Task Run_SeveralCallsAtOnce_RunTogetherAndTheModelGetsAllResultsInTheirOrder()
    {
        var (first, second) = (new TaskCompletionSource<string>(), new TaskCompletionSource<string>());
        await using var scene = new TurnScene(tools:
        [
            AIFunctionFactory.Create(() => first.Task, "first"), AIFunctionFactory.Create(() => second.Task, "second"),
        ]);
        var reading = scene.Read(await scene.StartAsync(Asking("/demo call=first call=second rate=max")));

        // The second one is done before the first, which is only possible while both run.
        second.SetResult("two");
        Assert.Equal("two", (await reading.UntilAsync(StreamChatResponse.EventOneofCase.ToolResult)).ToolResult.Text);
        first.SetResult("one");
        _ = await reading.ToEndAsync();

        var asked = scene.Model.Requests.Last().Messages;
        Assert.Equal([ModelRole.User, ModelRole.Assistant, ModelRole.Tool], asked.Select(message => message.Role));
        Assert.Equal(["first", "second"], asked[1].Calls.Select(call => call.Name));
        Assert.Equal(["one", "two"], asked[2].Results.Select(result => result.Text));
        Assert.Equal(asked[1].Calls.Select(call => call.Id), asked[2].Results.Select(result => result.CallId));
        Assert.Equal(2, scene.Model.Requests.Count);
    }

    [Fact]
    public async Task Run_Steps_AreKeptAsTheyWere()
    {
        await using var scene = new TurnScene(tools: [Echo]);
        var turn = await scene.StartAsync(Asking("""/demo call=echo args={"text":"hi"} rate=max"""));
        var reading = await scene.Read(turn).ToEndAsync();
        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);

        var steps = await scene.Store.ReadStepsAsync(turn.Record.StreamId, CancellationToken.None);

        Assert.Equal(
            [(1, StepKind.Model), (2, StepKind.Tools), (3, StepKind.Model)],
            steps.Select(step => (step.Number, step.Kind)));
        Assert.All(steps, step => Assert.Equal(StreamState.Completed, step.State));
        Assert.Equal("""{"text":"hi"}""", Assert.Single(steps[0].Events).ToolCall.ArgumentsJson);
        Assert.Equal("hi", Assert.Single(steps[1].Events).ToolResult.Text);
        Assert.Equal(reading.Answer, Assert.Single(steps[2].Events).Token.Text);
        Assert.Equal(reading.End.Attempts, steps.SelectMany(step => step.Attempts));
        var plain = await scene.AllAsync("/demo tokens=1 rate=max", "another");
        Assert.Empty(await scene.Store.ReadStepsAsync(plain.Events[0].SessionInfo.StreamId, CancellationToken.None));
    }

    [Fact]
    public async Task Run_ToolThatFailsOrIsNotThere_TheModelIsToldAndGoesOn()
    {
        await using var scene = new TurnScene(tools:
        [
            AIFunctionFactory.Create(string () => throw new InvalidOperationException("secret"), "broken"),
        ]);

        var reading = await scene.Read(
            await scene.StartAsync(Asking("/demo call=broken call=absent rate=max"))).ToEndAsync();

        Assert.Equal(StreamState.Completed, reading.End.State);
        var results = reading.Logged.Where(e => e.ToolResult is not null).Select(e => e.ToolResult).ToList();
        Assert.Equal([true, true], results.Select(result => result.IsError));
        Assert.DoesNotContain(results, result => result.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_MoreResultsThanATurnCanHold_ErrorsInTheirPlace()
    {
        await using var scene = new TurnScene(tools:
        [
            AIFunctionFactory.Create(() => new string('x', 1_000_000), "large"),
        ]);

        var reading = await scene.Read(
            await scene.StartAsync(Asking("/demo call=large call=large call=large rate=max"))).ToEndAsync();

        Assert.Equal(StreamState.Completed, reading.End.State);
        Assert.Equal(
            [false, false, true],
            reading.Logged.Where(e => e.ToolResult is not null).Select(e => e.ToolResult.IsError));
    }

    [Fact]
    public async Task Cancel_WhileAToolRuns_ReachesTheTool()
    {
        var stopped = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var scene = new TurnScene(tools:
        [
            AIFunctionFactory.Create(
                async (CancellationToken cancellationToken) =>
                {
                    await using var _ = cancellationToken.Register(() => stopped.TrySetResult());
                    begun.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                },
                "hang"),
        ]);
        var turn = await scene.StartAsync(Asking("/demo call=hang rate=max"));
        var reading = scene.Read(turn);
        await begun.Task.InTime();

        var ended = await scene.CancelAsync(turn);

        await stopped.Task.InTime();
        Assert.Equal(StreamState.Cancelled, ended.State);
        await StreamContract.CheckAsync(scene, turn, await reading.ToEndAsync(), StreamState.Cancelled);
    }

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
    public async Task Wait_ResultComes_TheTotalLimitCountsOnFromWhereItWas()
    {
        await using var scene = new TurnScene(new TurnOptions { Total = TimeSpan.FromMinutes(1) });
        var turn = await scene.StartAsync(Asking("/demo call=look rate=max", client: "look"));
        var reading = scene.Read(turn);
        await WaitingAsync(scene, turn);
        scene.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Null((await GiveAsync(scene, turn, "a cat")).Failure);

        _ = await reading.ToEndAsync();
        Assert.Equal(StreamState.Completed, reading.End.State);
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

        Assert.Equal(StreamState.Running, second.State);
        _ = await reading.ToEndAsync();
        Assert.Equal(["a dog", "a bark"], scene.Model.Requests.Last().Messages[^1].Results.Select(r => r.Text));
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
        Turn turn;
        ToolCall call;
        await using (var before = new TurnScene(folder: folder.Path))
        {
            turn = await before.StartAsync(Asking("/demo call=look rate=max", client: "look"));
            await WaitingAsync(before, turn);
            call = (await before.Read(turn).UntilAsync(StreamChatResponse.EventOneofCase.ToolCall)).ToolCall;
        }

        await using var scene = new TurnScene(folder: folder.Path);
        await scene.Recovery.RunAsync(CancellationToken.None);
        await scene.Adoption.RunAsync(CancellationToken.None);
        var adopted = scene.Registry.Find(TurnScene.Tenant, turn.Record.StreamId)!;
        var reading = scene.Read(adopted);
        Assert.Equal(StreamState.Waiting, (await scene.StoredAsync(turn)).State);
        await WaitingAsync(scene, adopted);

        var taken = await scene.Results.TakeAsync(
            TurnScene.Tenant, turn.Record.StreamId, Result(call, "a cat"), CancellationToken.None).InTime();

        Assert.Null(taken.Failure);
        _ = await reading.ToEndAsync();
        await StreamContract.CheckAsync(scene, adopted, reading, StreamState.Completed);
        Assert.Equal(2, reading.Events[0].SessionInfo.Epoch);
        Assert.Equal(2, reading.End.Attempts.Count);
        Assert.Single(scene.Model.Requests);
        Assert.Equal(
            [ModelRole.User, ModelRole.Assistant, ModelRole.Tool],
            scene.Model.Requests.Single().Messages.Select(message => message.Role));
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

    [Fact]
    public async Task Retract_WithCoalescing_WithdrawsWhatWasGatheredToo()
    {
        // The clock runs ahead of all who work.
        var patience = TimeSpan.FromHours(1);
        await using var scene = new TurnScene(new TurnOptions
        {
            ClosingCommit = patience,
            FirstToken = patience,
            Stall = patience,
            Total = patience,
        });
        var request = new StreamChatRequest
        {
            Message = "/demo json=bad rate=max",
            ResponseFormat = new ResponseFormat { JsonSchema = """{"type":"object"}""" },
            Coalescing = new Coalescing { MaxDelayMs = 1_000, MaxCharacters = 10_000 },
        };
        var turn = await scene.StartAsync(request);
        var reading = scene.Read(turn);
        await scene.PassTimeUntilAsync(turn.Completion);
        _ = await reading.ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
        Assert.Equal(0, reading.Logged.Single(e => e.Retract is not null).Retract.AfterSequence);
        Assert.Equal(reading.Answer, reading.Logged.Single(e => e.Document is not null).Document.Text);
    }

    private static StreamChatRequest Asking(string message, string client = "", string second = "")
    {
        var request = new StreamChatRequest
        {
            Message = message,
            SessionId = "session",
            Tools = new ToolSelection { Names = { "*" } },
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
