using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Google.Rpc;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tests.Turns;

public sealed class AdmissionTests
{
    [Fact]
    public async Task Refusal_ReadersAboveTheLimit_ExhaustedUntilSomeLeave()
    {
        await using var scene = new TurnScene(new TurnOptions { MaxMemory = 1 << 20 });
        var admission = new Admission(scene.Registry, Options.Create(scene.Options), scene.Clock);
        for (var i = 0; i < 32; i++)
        {
            Assert.Null(admission.Refusal);
            admission.ReaderCame();
        }

        var refusal = admission.Refusal!;
        Assert.Equal((Code.ResourceExhausted, "OVERLOADED"), (refusal.Code, refusal.Reason));
        Assert.NotNull(refusal.RetryAfter);

        admission.ReaderLeft();
        Assert.Null(admission.Refusal);
    }

    [Fact]
    public async Task Refusal_TurnsThatHoldMuch_CountTheirLogs()
    {
        await using var scene = new TurnScene(new TurnOptions { MaxMemory = 1 << 20, TailBytes = 2 << 20 });
        var admission = new Admission(scene.Registry, Options.Create(scene.Options), scene.Clock);
        var turn = await scene.StartAsync("/demo tokens=10000 hang after=10000 rate=max");
        Assert.Null(admission.Refusal);
        await scene.Model.WaitsAsync().InTime();
        scene.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.NotNull(admission.Refusal);
        _ = await scene.CancelAsync(turn);
        scene.Clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Null(admission.Refusal);
    }
}
