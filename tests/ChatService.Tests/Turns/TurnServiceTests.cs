using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnServiceTests
{
    [Fact]
    public async Task Stop_StoreAway_EndsWithTheHostsPatience()
    {
        await using var scene = new TurnScene();
        scene.ExpectErrors();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        using var loggers = new LoggerFactory([scene.Log]);
        var service = new TurnService(
            scene.Recovery, scene.Registry, scene.Flusher, lifetime, loggers.CreateLogger<TurnService>());
        await service.StartAsync(CancellationToken.None).InTime();
        var turn = await scene.StartAsync("/demo hang after=0 rate=max");
        await scene.Model.WaitsAsync().InTime();
        scene.Store.Away = true;

        lifetime.StopApplication();
        await service.StopAsync(new CancellationToken(canceled: true)).InTime();

        Assert.Contains("the next start ends them", Assert.Single(scene.Log.Errors), StringComparison.Ordinal);
        Assert.False(turn.Log.Closed.IsCompleted);
        scene.Forget();
    }

    [Fact]
    public async Task Stop_StoreThere_TurnsEndInterruptedAndSaved()
    {
        await using var scene = new TurnScene();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var service = new TurnService(
            scene.Recovery, scene.Registry, scene.Flusher, lifetime, NullLogger<TurnService>.Instance);
        await service.StartAsync(CancellationToken.None).InTime();
        var turn = await scene.StartAsync("/demo hang after=3 rate=max");
        await scene.Model.WaitsAsync().InTime();

        lifetime.StopApplication();
        await service.StopAsync(CancellationToken.None).InTime();

        Assert.Equal(StreamState.Interrupted, (await scene.StoredAsync(turn)).State);
    }
}
