using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tests.Turns;

public sealed class LogRetentionTests
{
    [Fact]
    public async Task Sweep_LogsWhoseTimeIsOver_AreDroppedAndTheirRequestIdsFree()
    {
        await using var scene = new TurnScene(new TurnOptions { Retention = TimeSpan.FromHours(1) });
        var request = new StreamChatRequest { Message = "/demo tokens=1 rate=max", ClientRequestId = "once" };
        var old = await scene.StartAsync(request);
        _ = await scene.Read(old).ToEndAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(59));
        var young = await scene.StartAsync("/demo tokens=1 rate=max");
        _ = await scene.Read(young).ToEndAsync();
        using var retention = await StartAsync(scene);

        await PassAsync(scene);

        var expired = await scene.ResumeAsync(old.Record.StreamId);
        Assert.Equal("LOG_EXPIRED", expired.Failure!.Reason);
        Assert.Equal(StreamState.Completed, (await scene.AgainAsync(young.Record.StreamId)).End.State);
        var again = await scene.StartAsync(request);
        Assert.NotEqual(old.Record.StreamId, again.Record.StreamId);
        await retention.StopAsync(CancellationToken.None).InTime();
    }

    [Fact]
    public async Task Sweep_StoreAway_TriesAgainLater()
    {
        await using var scene = new TurnScene(new TurnOptions { Retention = TimeSpan.FromHours(1) });
        var turn = await scene.StartAsync("/demo tokens=1 rate=max");
        _ = await scene.Read(turn).ToEndAsync();
        await scene.Start.BeginAsync(CancellationToken.None).InTime();
        scene.Store.Down = true;
        using var retention = await StartAsync(scene);
        scene.Clock.Advance(TimeSpan.FromHours(2));
        await scene.Store.Swept.WaitAsync().InTime();
        scene.Store.Down = false;

        await PassAsync(scene);

        Assert.False((await scene.StoredAsync(turn)).HasLog);
        await retention.StopAsync(CancellationToken.None).InTime();
    }

    private static async Task<LogRetention> StartAsync(TurnScene scene)
    {
        var retention = new LogRetention(
            scene.Store, scene.Start, Options.Create(scene.Options), scene.Clock, NullLogger<LogRetention>.Instance);
        if (!scene.Start.Ready.IsCompleted)
        {
            await scene.Start.BeginAsync(CancellationToken.None).InTime();
        }

        await retention.StartAsync(CancellationToken.None).InTime();
        await scene.Store.Swept.WaitAsync().InTime();
        return retention;
    }

    private static async Task PassAsync(TurnScene scene)
    {
        scene.Clock.Advance(TimeSpan.FromMinutes(6));
        await scene.Store.Swept.WaitAsync().InTime();
    }
}
