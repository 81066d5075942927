namespace ChatGrpc.Providers.Resilience;

/// <summary>How a model was silent for too long.</summary>
internal enum Silence
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Its first text did not come.</summary>
    BeforeText,

    /// <summary>It had begun.</summary>
    InAnswer,
}

/// <summary>
/// Measures how long a model is waited for, and cancels the try at the limit. Time in which nobody waits, as when the
/// store is slow, does not count. One timer, moved when it fires.
/// </summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Patience _patience;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _timer;
    private long _since;
    private TimeSpan _waitedForText;
    private bool _waiting;
    private bool _speaking;
    private bool _armed;
    private volatile Silence _broken;

    public SilenceWatch(Patience patience, TimeProvider time, CancellationToken cancellationToken)
    {
        _patience = patience;
        _time = time;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(
            static watch => ((SilenceWatch)watch!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by the caller, or at a limit.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The limit at which the try was cancelled.</summary>
    public Silence Broken => _broken;

    /// <summary>Somebody waits for the model from now on.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _waiting = true;
            _since = _time.GetTimestamp();
            if (!_armed)
            {
                Arm_NeedsLock(Left_NeedsLock());
            }
        }
    }

    /// <summary>The model gave a sign of life.</summary>
    /// <param name="isText">The first-token limit is met.</param>
    public void End(bool isText)
    {
        lock (_lock)
        {
            _waiting = false;
            if (_speaking)
            {
                return;
            }

            _waitedForText += _time.GetElapsedTime(_since);
            _speaking = isText;

            // Another limit holds now, and may come sooner than the one that the timer is set to.
            _armed = !isText;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stop.Dispose();
    }

    private void Check()
    {
        lock (_lock)
        {
            _armed = false;
            if (!_waiting)
            {
                return;
            }

            var left = Left_NeedsLock();
            if (left > TimeSpan.Zero)
            {
                Arm_NeedsLock(left);
                return;
            }

            _broken = _speaking ? Silence.InAnswer : Silence.BeforeText;
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The try ended by itself in the meantime.
        }
    }

    private void Arm_NeedsLock(TimeSpan left)
    {
        _armed = true;
        _ = _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Left_NeedsLock()
    {
        var waited = _time.GetElapsedTime(_since);
        return _speaking ? _patience.Stall - waited : _patience.FirstToken - _waitedForText - waited;
    }
}
