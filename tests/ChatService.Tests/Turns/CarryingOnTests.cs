using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Google.Rpc;

namespace ChatGrpc.Tests.Turns;

public sealed class CarryingOnTests
{
    [Fact]
    public async Task Start_ContinueFromACancelledTurn_ItsAnswerIsWhole()
    {
        await using var scene = new TurnScene();
        var cut = await scene.StartAsync("/demo tokens=10 hang after=4 rate=max");
        var part = scene.Read(cut);
        await scene.Model.WaitsAsync().InTime();
        _ = await scene.CancelAsync(cut);
        _ = await part.ToEndAsync();

        var turn = await scene.StartAsync(new StreamChatRequest { ContinueFrom = cut.Record.StreamId });
        var reading = scene.Read(turn);
        await scene.Model.WaitsAsync().InTime();
        _ = await scene.CancelAsync(turn);
        _ = await reading.ToEndAsync();

        Assert.Equal("alpha bravo charlie delta ", part.Answer);
        Assert.Equal("alpha bravo charlie delta echo foxtrot golf hotel ", reading.Answer);
        Assert.Equal(part.Answer, reading.Logged[0].Token.Text);
        Assert.Equal(cut.Record.StreamId, reading.Events[0].SessionInfo.ContinuesStreamId);
        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Cancelled);

        // The same question, another answer to it; the model was told what it had said.
        Assert.Equal(cut.Record.UserMessageId, turn.Record.UserMessageId);
        var asked = scene.Model.Requests.Last();
        Assert.Equal([ModelRole.User, ModelRole.Assistant], asked.Messages.Select(message => message.Role));
        Assert.Equal(part.Answer, asked.Messages[^1].Parts[0].Text);

        // Estimated at four characters a token, without those of the turn before.
        Assert.Equal((reading.Answer.Length - part.Answer.Length + 3) / 4, reading.End.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Start_ContinueFromATurnWithoutText_BeginsAnew()
    {
        await using var scene = new TurnScene();
        var cut = await scene.StartAsync("/demo fail=network after=0 rate=max");
        _ = await scene.Read(cut).ToEndAsync();

        var turn = await scene.StartAsync(new StreamChatRequest { ContinueFrom = cut.Record.StreamId });
        _ = await scene.Read(turn).ToEndAsync();

        Assert.Equal(ModelRole.User, Assert.Single(scene.Model.Requests.Last().Messages).Role);
    }

    [Fact]
    public async Task Start_ContinueFromWhatCannotBe_ClearCodesAndNothingSaved()
    {
        await using var scene = new TurnScene();
        var whole = (await scene.AllAsync("/demo tokens=1 rate=max")).Events[0].SessionInfo.StreamId;
        var cut = (await scene.AllAsync("/demo cut after=1 rate=max", "other")).Events[0].SessionInfo.StreamId;
        var running = (await scene.StartAsync("/demo hang after=0")).Record.StreamId;
        await scene.Model.WaitsAsync().InTime();

        async Task<(Code, string)> FailAsync(string stream, string session = "")
        {
            var failure = await scene.FailAsync(new StreamChatRequest { ContinueFrom = stream, SessionId = session });
            return (failure.Code, failure.Reason);
        }

        Assert.Equal((Code.FailedPrecondition, "ANSWER_COMPLETE"), await FailAsync(whole));
        Assert.Equal((Code.FailedPrecondition, "STREAM_OPEN"), await FailAsync(running));
        Assert.Equal((Code.NotFound, "STREAM_NOT_FOUND"), await FailAsync("none"));
        Assert.Equal((Code.NotFound, "STREAM_NOT_FOUND"), await FailAsync(cut, session: "session"));
        var foreign = await scene.Opening.StartAsync(
            "foreign", new StreamChatRequest { ContinueFrom = cut }, CancellationToken.None).InTime();
        Assert.Equal("STREAM_NOT_FOUND", foreign.Failure!.Reason);
        Assert.Equal(3, scene.Model.Requests.Count);
    }
}
