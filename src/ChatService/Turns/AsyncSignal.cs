using System.Threading.Tasks.Sources;

namespace ChatGrpc.Turns;

/// <summary>
/// Wakes one waiter, and remembers one wake-up that came before the wait. Allocates nothing after its making: a
/// reader waits once for each token.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Signaled = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>May be called by anyone, at any time.</summary>
    public void Set()
    {
        while (true)
        {
            // Also where it changes nothing this is a full fence: what the setter published before is visible to a
            // waiter that takes the wake-up at this moment. So is the exchange in WaitAsync, for the other side.
            switch (Interlocked.CompareExchange(ref _state, Signaled, Idle))
            {
                case Idle or Signaled:
                    return;
                case Waiting when Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting:
                    _core.SetResult(true);
                    return;
            }
        }
    }

    /// <summary>One waiter at a time; the task is awaited once.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            return new ValueTask(this, _core.Version);
        }

        Interlocked.Exchange(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
