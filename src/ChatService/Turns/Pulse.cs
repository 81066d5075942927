namespace ChatGrpc.Turns;

/// <summary>
/// Tells when nothing has happened for an interval. A beat costs one look at the clock: the timer is moved when it
/// fires, not for each token.
/// </summary>
internal sealed class Pulse : IDisposable
{
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly AsyncSignal _wake;
    private readonly ITimer _timer;
    private long _lastBeat;
    private int _due;

    /// <param name="interval">How long a silence is told.</param>
    /// <param name="wake">Set when it is.</param>
    public Pulse(TimeSpan interval, TimeProvider time, AsyncSignal wake)
    {
        _interval = interval;
        _time = time;
        _wake = wake;
        _lastBeat = time.GetTimestamp();
        _timer = time.CreateTimer(
            static pulse => ((Pulse)pulse!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(interval, Timeout.InfiniteTimeSpan);
    }

    public void Beat()
    {
        Volatile.Write(ref _lastBeat, _time.GetTimestamp());
        Volatile.Write(ref _due, 0);
    }

    /// <summary>True once for each silence of the interval's length.</summary>
    public bool TakeDue() => Interlocked.Exchange(ref _due, 0) == 1;

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var silence = _time.GetElapsedTime(Volatile.Read(ref _lastBeat));
        var rest = _interval - silence;
        if (rest > TimeSpan.Zero)
        {
            _timer.Change(rest, Timeout.InfiniteTimeSpan);
            return;
        }

        Volatile.Write(ref _due, 1);
        _wake.Set();
        _timer.Change(_interval, Timeout.InfiniteTimeSpan);
    }
}
