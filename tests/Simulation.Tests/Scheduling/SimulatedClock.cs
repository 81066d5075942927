namespace Simulation.Tests.Scheduling;

/// <summary>The schedule's clock, as one place sees it: its timers fire there.</summary>
/// <param name="offset">So much it is ahead of others.</param>
/// <param name="perMille">How fast it runs: of 1,000 ticks, it counts so many.</param>
internal sealed class SimulatedClock(Scheduler scheduler, Place place, TimeSpan offset = default, int perMille = 1_000)
    : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Place Place => place;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + offset + scheduler.Now;

    public override long GetTimestamp() => scheduler.Now.Ticks * perMille / 1_000;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(scheduler, place, perMille, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes when so much time has passed, or when cancelled.</summary>
    public async Task PassAsync(TimeSpan time, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var passed = new TaskCompletionSource();
        await using var timer = CreateTimer(
            static passed => ((TaskCompletionSource)passed!).TrySetResult(), passed, time, Timeout.InfiniteTimeSpan);
        await using var cancelled = cancellationToken.UnsafeRegister(
            static (passed, token) => ((TaskCompletionSource)passed!).TrySetCanceled(token), passed);
        await passed.Task;
    }
}
