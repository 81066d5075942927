using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Microsoft.Extensions.Logging;

namespace ChatGrpc.Tests.Turns;

/// <summary>The table of endings, each over the whole of turns, store and demo model.</summary>
public sealed class TurnEndingTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Run_ModelFinishes_Completed()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo tokens=50 rate=max reasoning=3");
        var reading = await scene.Read(turn).ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
        Assert.Equal("SessionInfo Token Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(50 + 3 + 3, reading.End.LastSequence);
        Assert.StartsWith("alpha bravo charlie ", reading.Answer, StringComparison.Ordinal);
        Assert.Equal("Hm, let me ", reading.Reasoning);
        Assert.Equal((53, 3), (reading.End.Usage.CompletionTokens, reading.End.Usage.ReasoningTokens));
        Assert.Equal(UsageSource.Measured, reading.End.Usage.Source);
        var done = reading.Events.Single(e => e.Done is not null).Done;
        Assert.Equal((FinishReason.Stop, "stop"), (done.FinishReason, done.ProviderFinishReason));
        Assert.Equal(turn.Record.MessageId, reading.Events[^2].ResponseSaved.MessageId);
    }

    [Fact]
    public async Task Run_ModelSplitsEmoji_WholeScalarsInTheLogAndTheStore()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo tokens=7 rate=max split-emoji");
        var reading = await scene.Read(turn).ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
        Assert.Equal("😀🌍🐟\uFFFD", reading.Answer);
    }

    [Theory]
    [InlineData("network", "PROVIDER_UNREACHABLE")]
    [InlineData("provider", "PROVIDER_ERROR")]
    [InlineData("authentication", "PROVIDER_AUTHENTICATION")]
    [InlineData("rate-limited", "PROVIDER_RATE_LIMITED")]
    [InlineData("model-unavailable", "MODEL_UNAVAILABLE")]
    [InlineData("content-filtered", "CONTENT_FILTERED")]
    [InlineData("context-too-long", "CONTEXT_TOO_LONG")]
    public async Task Run_ModelFails_FailedWithItsReasonBeforeAndAfterText(string fault, string reason)
    {
        await using var scene = new TurnScene();
        foreach (var after in new[] { 0, 3 })
        {
            var turn = await scene.StartAsync($"/demo rate=max fail={fault} after={after}");
            var reading = await scene.Read(turn).ToEndAsync();

            await StreamContract.CheckAsync(scene, turn, reading, StreamState.Failed);
            Assert.Equal(
                after == 0 ? "SessionInfo Error StreamEnd" : "SessionInfo Token Error ResponseSaved StreamEnd",
                reading.Shape);
            Assert.Equal(reason, reading.Events.Single(e => e.Error is not null).Error.Reason);
            Assert.Equal(UsageSource.Estimated, reading.End.Usage.Source);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task Run_ModelIsCutOff_NeverCompleted(int after)
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync($"/demo rate=max cut after={after}");
        var reading = await scene.Read(turn).ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Failed);
        Assert.Equal("PROVIDER_STREAM_CUT", reading.Events.Single(e => e.Error is not null).Error.Reason);
    }

    [Theory]
    [InlineData(0, "FIRST_TOKEN_TIMEOUT", 60)]
    [InlineData(2, "STALL_TIMEOUT", 60)]
    [InlineData(2, "TURN_TIMEOUT", 30)]
    public async Task Run_ModelHangs_FailedAtTheLimitAndNotBefore(int after, string reason, int seconds)
    {
        await using var scene = new TurnScene(
            new TurnOptions { Total = TimeSpan.FromSeconds(reason == "TURN_TIMEOUT" ? 30 : 600) });
        var turn = await scene.StartAsync($"/demo rate=max hang after={after}");
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();

        scene.Clock.Advance(TimeSpan.FromSeconds(seconds) - Millisecond);
        Assert.Equal(StopCause.None, turn.Stop.Cause);
        scene.Clock.Advance(Millisecond);
        _ = await reading.ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Failed);
        var error = reading.Events.Single(e => e.Error is not null).Error;
        Assert.Equal((reason, 4, true), (error.Reason, error.Code, error.Retryable));
        Assert.Equal(seconds * 1000, reading.End.Timings.TotalMs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Cancel_Hanging_CancelledWithThePartial(int after)
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync($"/demo rate=max hang after={after}");
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();

        var record = await scene.CancelAsync(turn);
        _ = await reading.ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Cancelled);
        Assert.Equal(reading.End.LastSequence, record.LastSequence);
        Assert.Equal(StreamState.Cancelled, record.State);
        Assert.Equal(after, reading.Events.Count(e => e.Token is not null));
        Assert.Equal(FinishReason.Cancelled, reading.Events.Single(e => e.Done is not null).Done.FinishReason);
        Assert.Equal(record, await scene.CancelAsync(turn));
    }

    [Fact]
    public async Task Cancel_RacingTheEnd_OneEndingAndTheSameForAll()
    {
        await using var scene = new TurnScene();
        var random = new Random(7);
        var states = new HashSet<StreamState>();
        for (var round = 0; round < 60 || (states.Count < 2 && round < 2_000); round++)
        {
            var turn = await scene.StartAsync($"/demo tokens={random.Next(1, 60)} rate=max", $"session-{round}");
            var reading = scene.Read(turn);
            var spin = random.Next(0, 20_000);
            var record = await Task.Run(() =>
            {
                Thread.SpinWait(spin);
                return scene.CancelAsync(turn);
            }).InTime();
            _ = await reading.ToEndAsync();

            await StreamContract.CheckAsync(scene, turn, reading, record.State);
            Assert.Equal(reading.End.LastSequence, record.LastSequence);
            _ = states.Add(record.State);
        }

        Assert.Equal([StreamState.Completed, StreamState.Cancelled], states.Order());
    }

    [Fact]
    public async Task Cancel_UnknownOrForeign_NullAndTheTurnGoesOn()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo hang after=0");

        Assert.Null(await scene.CancelAsync(TurnScene.Tenant, "nothing"));
        Assert.Null(
            await scene.CancelAsync("foreign", turn.Record.StreamId));
        Assert.Equal(StopCause.None, turn.Stop.Cause);
    }

    [Theory]
    [InlineData(0, "SessionInfo Warning Error StreamEnd")]
    [InlineData(2, "SessionInfo Token Warning Error ResponseSaved StreamEnd")]
    public async Task StopAll_Running_Interrupted(int after, string shape)
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync($"/demo rate=max hang after={after}");
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();

        await scene.StopAsync();
        _ = await reading.ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Interrupted);
        Assert.Equal(shape, reading.Shape);
        var late = await scene.Opening.StartAsync(TurnScene.Tenant, new StreamChatRequest { Message = "x" }, default);
        Assert.Equal(Google.Rpc.Code.Unavailable, late.Failure?.Code);
    }

    [Fact]
    public async Task Run_ProviderFails_TheLogSaysWhyAndNothingOfTheMessage()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo fail=authentication\nmy secret question");

        // Its readers have its end before the log of the service has.
        await turn.Completion.InTime();
        var line = Assert.Single(scene.Log.Entries, entry => entry.Id == 1010);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("PROVIDER_AUTHENTICATION", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret question", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnswerBeyondItsBound_Failed()
    {
        await using var scene = new TurnScene(new TurnOptions { MaxAnswerLength = 1_000 });
        var turn = await scene.StartAsync("/demo tokens=10000 rate=max");
        var reading = await scene.Read(turn).ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Failed);
        Assert.Equal("ANSWER_TOO_LONG", reading.Events.Single(e => e.Error is not null).Error.Reason);
        Assert.InRange(reading.Answer.Length, 980, 1_000);
    }

    [Fact]
    public async Task Run_ClientGone_CancelledAsByCancelStream()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo rate=max hang after=1");
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();
        _ = turn.Stop.TryStop(StopCause.ClientGone);
        _ = await reading.ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Cancelled);
    }
}
