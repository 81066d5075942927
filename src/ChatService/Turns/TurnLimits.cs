namespace ChatGrpc.Turns;

/// <summary>Stops a turn that takes too long. How long a model may be silent is a matter of each try at one.</summary>
internal sealed class TurnLimits : IDisposable
{
    private readonly TurnStop _stop;
    private readonly ITimer _timer;

    public TurnLimits(TurnOptions options, TimeProvider time, TurnStop stop)
    {
        _stop = stop;
        _timer = time.CreateTimer(
            static limits => _ = ((TurnLimits)limits!)._stop.TryStop(StopCause.Total), this, options.Total,
            Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
