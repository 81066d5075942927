namespace ChatGrpc.Turns;

/// <summary>
/// Stops a turn at its limits: first text, stall, total. The stall limit starts again with each sign of life, and
/// time spent waiting for the store does not count as the model's. One timer, moved when it fires.
/// </summary>
internal sealed class TurnLimits : IDisposable
{
    private readonly TurnOptions _options;
    private readonly TimeProvider _time;
    private readonly TurnStop _stop;
    private readonly long _started;
    private readonly ITimer _timer;
    private long _lastSign;
    private bool _speaking;
    private volatile bool _paused;

    public TurnLimits(TurnOptions options, TimeProvider time, TurnStop stop)
    {
        _options = options;
        _time = time;
        _stop = stop;
        _started = _lastSign = time.GetTimestamp();
        _timer = time.CreateTimer(
            static limits => ((TurnLimits)limits!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Check();
    }

    /// <summary>The model gave a sign of life.</summary>
    /// <param name="isText">It was text: the first-token limit is met.</param>
    public void Progress(bool isText)
    {
        Volatile.Write(ref _lastSign, _time.GetTimestamp());
        if (isText && !_speaking)
        {
            Volatile.Write(ref _speaking, true);
            Check();
        }
    }

    /// <summary>The turn waits for the store, not for the model.</summary>
    public void Pause() => _paused = true;

    public void Resume()
    {
        Volatile.Write(ref _lastSign, _time.GetTimestamp());
        _paused = false;
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var (cause, left) = Next();
        if (left <= TimeSpan.Zero)
        {
            _stop.TryStop(cause);
            return;
        }

        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }

    // The limit that comes first, and the time left until it.
    private (StopCause Cause, TimeSpan Left) Next()
    {
        var total = _options.Total - _time.GetElapsedTime(_started);
        var silence = _paused ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _lastSign));
        var (cause, rest) = Volatile.Read(ref _speaking)
            ? (StopCause.Stall, _options.Stall - silence)
            : (StopCause.FirstToken, _options.FirstToken - _time.GetElapsedTime(_started));
        return total < rest ? (StopCause.Total, total) : (cause, rest);
    }
}
