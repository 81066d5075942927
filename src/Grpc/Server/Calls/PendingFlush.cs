using System.IO.Pipelines;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The flush that a write has started and the next one waits for. Its task is awaited exactly once.</summary>
internal struct PendingFlush
{
#pragma warning disable CA2012 // Kept on purpose, so that a write need not wait for its own flush; Take empties it.
    private ValueTask<FlushResult> _flush;

    public readonly bool IsCompleted => _flush.IsCompleted;

    public void Set(ValueTask<FlushResult> flush) => _flush = flush;

    public ValueTask<FlushResult> Take()
    {
        var flush = _flush;
        _flush = default;
        return flush;
    }

    /// <summary>The result of a flush that is completed.</summary>
    public FlushResult TakeResult() => Take().GetAwaiter().GetResult();
#pragma warning restore CA2012
}
