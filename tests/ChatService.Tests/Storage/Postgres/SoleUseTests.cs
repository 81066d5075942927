using ChatGrpc.Storage;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>Who moves the conversations, and services that live beside it.</summary>
public sealed class SoleUseTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private StoreScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await StoreScene.OpenAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Take_ServiceLives_RefusedAfterAWhile()
    {
        await Takeovers.EnterAsync(_scene.Store, Sample.Owner);
        var time = new ManualTimeProvider();

        var taking = SoleUse.TakeAsync(_scene.Settings, time);
        while (!taking.IsCompleted)
        {
            _ = time.AdvanceToNextTimer();
            await Task.Yield();
        }

        var refusal = await Assert.ThrowsAsync<StoreException>(() => taking);
        Assert.Contains("A service keeps the conversations", refusal.InnerException!.Message, StringComparison.Ordinal);
        Assert.InRange(time.Elapsed.TotalSeconds, 4, 5);
        Assert.True(await RenewAsync(Hour));
    }

    [Fact]
    public async Task Take_ServiceIsFrozen_WakesUpDeadAndCannotBeginAgainBefore()
    {
        await Takeovers.EnterAsync(_scene.Store, Sample.Owner);
        Assert.True(await RenewAsync(TimeSpan.Zero));

        await using (await SoleUse.TakeAsync(_scene.Settings, TimeProvider.System).InTime())
        {
            Assert.False(await RenewAsync(Hour));
            await RefusedAsync(() => _scene.Store.EnterAsync("next", Hour, CancellationToken.None));
            await using var another = _scene.Another();
            await RefusedAsync(() => another.PrepareAsync(CancellationToken.None));
            await RefusedAsync(() => SoleUse.TakeAsync(_scene.Settings, TimeProvider.System));
        }

        await Takeovers.EnterAsync(_scene.Store, "next");
    }

    private Task<bool> RenewAsync(TimeSpan lease) =>
        _scene.Store.RenewAsync(Sample.Owner, lease, CancellationToken.None).InTime();

    private static async Task RefusedAsync(Func<Task> ask)
    {
        var refusal = await Assert.ThrowsAsync<StoreException>(() => ask().InTime());
        Assert.Equal("The store is in use by another process.", refusal.Message);
    }
}
