using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tests.Turns;

public sealed class AdmissionTests
{
    [Fact]
    public async Task Enter_ReadersUpToTheLimit_TheNextWhenOneHasLeft()
    {
        await using var scene = new TurnScene(new TurnOptions { MaxMemory = 1 << 20 });
        var admission = new Admission(scene.Registry, scene.Follower, Options.Create(scene.Options), scene.Clock);
        var places = Enumerable.Range(0, 32).Select(_ => admission.TryEnter()).ToList();

        Assert.All(places, Assert.NotNull);
        Assert.Null(admission.TryEnter());
        places[0]!.Dispose();
        Assert.NotNull(admission.TryEnter());
        Assert.Null(admission.TryEnter());
    }

    [Fact]
    public async Task Enter_TurnsThatHoldMuch_CountTheirLogs()
    {
        await using var scene = new TurnScene(new TurnOptions { MaxMemory = 1 << 20, TailBytes = 2 << 20 });
        var admission = new Admission(scene.Registry, scene.Follower, Options.Create(scene.Options), scene.Clock);
        var turn = await scene.StartAsync("/demo tokens=10000 hang after=10000 rate=max");
        Assert.NotNull(admission.TryEnter());
        await scene.Model.WaitsAsync().InTime();
        scene.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Null(admission.TryEnter());
        _ = await scene.CancelAsync(turn);
        scene.Clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.NotNull(admission.TryEnter());
    }
}
