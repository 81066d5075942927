using ChatGrpc.Storage;

namespace ChatGrpc.Tests.Storage.Postgres;

public sealed class PostgresLeaseTests : LeaseContract
{
    private StoreScene? _scene;

    public override async ValueTask DisposeAsync()
    {
        await _scene!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<IChatStore> OpenEmptyAsync()
    {
        _scene = await StoreScene.OpenAsync();
        return _scene.Store;
    }
}
