using ChatGrpc.TestKit;
using Interop.V1;

namespace Interop.Tests.Server;

/// <summary>What a test knows of one call of Script: the gate before its next message, and how it ended.</summary>
internal sealed class ScriptedCall : IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);

    private readonly TaskCompletionSource<ObserveResponse> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.Release();

    public Task OpenedAsync(CancellationToken cancellationToken) => _gate.WaitAsync(cancellationToken);

    public void End(bool cancelled, bool hasDeadline) =>
        _ended.TrySetResult(new ObserveResponse { Cancelled = cancelled, HasDeadline = hasDeadline });

    public Task<ObserveResponse> EndedAsync() => _ended.Task.InTime();

    public void Dispose() => _gate.Dispose();
}
