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

        var steps = await scene.Store.ReadStepsAsync(TurnScene.Tenant, turn.Record.StreamId, CancellationToken.None);

        Assert.Equal(
            [(1, StepKind.Model), (2, StepKind.Tools), (3, StepKind.Model)],
            steps.Select(step => (step.Number, step.Kind)));
        Assert.All(steps, step => Assert.Equal(StreamState.Completed, step.State));
        Assert.Equal("""{"text":"hi"}""", Assert.Single(steps[0].Events).ToolCall.ArgumentsJson);
        Assert.Equal("hi", Assert.Single(steps[1].Events).ToolResult.Text);
        Assert.Equal(reading.Answer, Assert.Single(steps[2].Events).Token.Text);
        Assert.Equal(reading.End.Attempts, steps.SelectMany(step => step.Attempts));
        var plain = await scene.AllAsync("/demo tokens=1 rate=max", "another");
        Assert.Empty(await scene.Store.ReadStepsAsync(
            TurnScene.Tenant, plain.Events[0].SessionInfo.StreamId, CancellationToken.None));
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
                    begun.SetResult();
                    try
                    {
                        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                    }
                    finally
                    {
                        stopped.SetResult();
                    }
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
    public async Task Retract_WithCoalescing_WithdrawsWhatWasGatheredToo()
    {
        // The clock runs ahead of all who work.
        var patience = TimeSpan.FromDays(20);
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

    private static StreamChatRequest Asking(string message) => new()
    {
        Message = message,
        SessionId = "session",
        Tools = new ToolSelection { Names = { "*" } },
    };
}
