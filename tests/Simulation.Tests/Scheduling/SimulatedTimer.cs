namespace Simulation.Tests.Scheduling;

/// <summary>A timer of a <see cref="SimulatedClock"/>.</summary>
/// <param name="perMille">How fast its clock runs.</param>
internal sealed class SimulatedTimer(
    Scheduler scheduler, Place place, int perMille, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    public Place Place => place;

    public TimeSpan Due { get; private set; }

    public void Fire()
    {
        if (_period != Timeout.InfiniteTimeSpan)
        {
            Change(_period, _period);
        }

        callback(state);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        scheduler.Disarm(this);
        _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            // A tick later, and its clock has really come so far.
            Due = scheduler.Now
                + (perMille == 1_000 ? dueTime : new TimeSpan((dueTime.Ticks * 1_000 / perMille) + 1));
            scheduler.Arm(this);
        }

        return true;
    }

    public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
