using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>
/// Stops a turn that takes too long. How long a model may be silent is a matter of each try at one, and how long a
/// client may is another.
/// </summary>
internal sealed class TurnLimits : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TurnStop _stop;
    private readonly ITimer _timer;
    private TimeSpan _left;
    private long _since;
    private bool _paused;

    public TurnLimits(TurnOptions options, TimeProvider time, TurnStop stop)
    {
        _time = time;
        _stop = stop;
        _left = options.Total;
        _timer = time.CreateTimer(
            static limits => _ = ((TurnLimits)limits!)._stop.TryStop(StopCause.Total), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        Start();
    }

    /// <summary>While the turn waits for its client, time does not count.</summary>
    /// <param name="state">The turn's from now on; null: as before.</param>
    public void Follow(StreamState? state)
    {
        if (state is null || state == StreamState.Waiting == _paused)
        {
            return;
        }

        _paused = state == StreamState.Waiting;
        if (_paused)
        {
            _left -= _time.GetElapsedTime(_since);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        else
        {
            Start();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Start()
    {
        _since = _time.GetTimestamp();
        _timer.Change(_left > TimeSpan.Zero ? _left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
