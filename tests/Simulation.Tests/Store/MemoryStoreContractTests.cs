using ChatGrpc.Storage;
using ChatGrpc.Tests.Storage;

namespace Simulation.Tests.Store;

/// <summary>The store under the schedules is held to what every store is held to.</summary>
public class MemoryStoreContractTests : ChatStoreContract
{
    private MemoryStore _store = new();

    private protected virtual TimeProvider? Clock => null;

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected override Task<IChatStore> OpenEmptyAsync()
    {
        _store = new MemoryStore(clock: Clock);
        return Task.FromResult<IChatStore>(_store);
    }

    // The processes of a schedule come and go, and the store stays.
    private protected override Task<IChatStore> ReopenAsync() => Task.FromResult<IChatStore>(_store);

    private protected override Task<RowCounts> CountAsync() => Task.FromResult(new RowCounts(
        _store.Sessions.Count(),
        _store.Sessions.Sum(session => session.Messages.Count),
        _store.Streams.Count(),
        _store.Streams.Sum(stream => stream.Chunks.Count)));
}
