namespace Grpc.AspNetCore.Server.Calls;

/// <summary>
/// Notices that a client does not take what it is sent: a server would let it hold its call, and the memory behind it,
/// for as long as the connection lives. One write at a time waits.
/// </summary>
/// <param name="clock">Tells the time.</param>
/// <param name="onLate">Runs on a timer's thread when a wait is over its limit; once for each wait.</param>
internal sealed class WriteDeadline(TimeProvider clock, Action onLate) : IAsyncDisposable
{
    /// <summary>How long a write may wait for a client that takes nothing.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    // A wait is noticed at most so much too late, for one timer that nobody has to set again at each write.
    private static readonly TimeSpan Tick = Limit / 5;

    private const long NotWaiting = -1;

    private ITimer? _timer;
    private long _waitingSince = NotWaiting;

    public void BeginWait()
    {
        Volatile.Write(ref _waitingSince, clock.GetTimestamp());
        _timer ??= clock.CreateTimer(static state => ((WriteDeadline)state!).OnTick(), this, Tick, Tick);
    }

    public void EndWait() => Volatile.Write(ref _waitingSince, NotWaiting);

    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void OnTick()
    {
        var since = Volatile.Read(ref _waitingSince);
        if (since != NotWaiting && clock.GetElapsedTime(since) >= Limit
            && Interlocked.CompareExchange(ref _waitingSince, NotWaiting, since) == since)
        {
            onLate();
        }
    }
}
