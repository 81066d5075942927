using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;

namespace ChatGrpc.Tests.Storage.Postgres;

public sealed class PostgresLeaseTests : LeaseContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private StoreScene? _scene;

    public override async ValueTask DisposeAsync()
    {
        await _scene!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Enter_AgainAfterAnOutage_HasNoProofAnyMore()
    {
        await EnterAsync("comer", TimeSpan.Zero);
        await SetAsync("steady_since = clock_timestamp() - interval '1 hour'");

        await EnterAsync("comer", Minute);

        Assert.True(await IsAsync("comer", "steady_since > clock_timestamp() - interval '1 minute'"));
    }

    [Fact]
    public async Task EnterAndRenew_ClockWasSetBack_NobodyHasProofFromBefore()
    {
        await EnterAsync("late", Minute);
        await SetAsync("steady_since = steady_since + interval '1 h', lease_until = lease_until + interval '1 h'");

        await EnterAsync("comer", Minute);
        Assert.True(await _scene!.Store.RenewAsync("late", Minute, CancellationToken.None).InTime());

        Assert.True(await IsAsync("comer", "steady_since <= clock_timestamp()"));
        Assert.True(await IsAsync("late", "steady_since <= clock_timestamp()"));
    }

    private protected override async Task<IChatStore> OpenEmptyAsync()
    {
        _scene = await StoreScene.OpenAsync();
        return _scene.Store;
    }

    private Task EnterAsync(string incarnation, TimeSpan lease) =>
        _scene!.Store.EnterAsync(incarnation, lease, CancellationToken.None).InTime();

    private Task SetAsync(string what) =>
        TestDatabases.ExecuteAsync(_scene!.Database, $"UPDATE chatgrpc.incarnation SET {what}");

    private Task<bool> IsAsync(string incarnation, string what) => TestDatabases.FindAsync<bool>(
        _scene!.Database, $"SELECT {what} FROM chatgrpc.incarnation WHERE id = '{incarnation}'");
}
