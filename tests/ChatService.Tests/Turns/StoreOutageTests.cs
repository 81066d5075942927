using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class StoreOutageTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Noticed_CommitsFailLongerThanTwoSeconds_IsOneOutageUntilOneSucceeds()
    {
        var outage = new StoreOutage(_clock);
        outage.Begin();
        outage.Failed();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(outage.Noticed);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var first = outage.Noticed;
        outage.Begin();
        outage.Failed();
        Assert.NotNull(first);
        Assert.Same(first, outage.Noticed);

        outage.End();
        Assert.Null(outage.Noticed);
    }

    [Fact]
    public void Noticed_ACommitHangs_TheSameOutageAsWhenItFails()
    {
        var outage = new StoreOutage(_clock);
        outage.Begin();
        _clock.Advance(TimeSpan.FromMilliseconds(2_001));
        var first = outage.Noticed;
        Assert.NotNull(first);

        outage.Failed();
        Assert.Same(first, outage.Noticed);
    }

    [Fact]
    public void Noticed_TheStoreHasRefused_NoOutage()
    {
        var outage = new StoreOutage(_clock);
        outage.Begin();
        outage.Answered();
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(outage.Noticed);
    }

    [Fact]
    public async Task Run_TailIsFullWhileTheStoreIsAway_WarnsOnceAndNothingIsLost()
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 4 * 1024 });
        scene.Store.Away = true;
        var turn = await scene.StartAsync("/demo tokens=500 rate=max");
        var reading = scene.Read(turn);
        await scene.Store.Refused.WaitAsync().InTime();
        while (turn.Log.HasRoom())
        {
            await Task.Yield();
        }

        // Longer than every limit but the total: waiting for the store is no stall.
        await scene.PassTimeAsync(seconds: 300);
        _ = await reading.UntilAsync(StreamChatResponse.EventOneofCase.Warning);
        Assert.Equal(StopCause.None, turn.Stop.Cause);
        scene.Store.Away = false;
        _ = await reading.ToEndAsync();

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
        Assert.Equal(
            ["PERSISTENCE_DELAYED"], reading.Events.Select(e => e.Warning?.Code).Where(code => code is not null));
    }
}
