using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>A watcher's with a store that cannot be read: it tries again after a pause, but not for ever.</summary>
/// <param name="limit">How long the store may be away.</param>
/// <param name="wake">Set when it is time to try again.</param>
internal sealed class StorePatience(TimeSpan limit, TimeProvider time, AsyncSignal wake) : IDisposable
{
    // Twice as long after each failure in a row: many watchers are no burden on a store in trouble.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private ITimer? _timer;
    private TimeSpan _pause = FirstPause;
    private long? _since;
    private volatile bool _pauses;

    public bool MayTry => !_pauses;

    /// <summary>The store has been away for too long.</summary>
    public bool IsOver { get; private set; }

    public void Failed()
    {
        _since ??= time.GetTimestamp();
        IsOver = time.GetElapsedTime(_since.Value) >= limit;
        _pauses = true;
        _timer ??= time.CreateTimer(
            static patience => ((StorePatience)patience!).EndPause(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _ = _timer.Change(_pause, Timeout.InfiniteTimeSpan);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    public void Worked()
    {
        _since = null;
        _pause = FirstPause;
    }

    public void Dispose() => _timer?.Dispose();

    private void EndPause()
    {
        _pauses = false;
        wake.Set();
    }
}
