using ChatGrpc.Storage;
using ChatGrpc.Tests.Storage;

namespace Simulation.Tests.Store;

/// <summary>It keeps leases as PostgreSQL does.</summary>
public sealed class MemoryStoreLeaseTests : LeaseContract
{
    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected override Task<IChatStore> OpenEmptyAsync() =>
        Task.FromResult<IChatStore>(new MemoryStore(clock: TimeProvider.System));
}
