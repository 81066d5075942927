using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>Ends a call at its deadline, whatever the server does about the timeout it was told.</summary>
internal sealed class CallDeadline : IDisposable
{
    // Timers take at most 2^32 - 2 ms; a later deadline is reached in several steps.
    private static readonly TimeSpan LongestStep = TimeSpan.FromDays(40);

    private readonly TimeProvider _time;
    private readonly DateTimeOffset _deadline;
    private readonly Action _expired;
    private readonly ITimer _timer;

    public CallDeadline(TimeProvider time, DateTimeOffset deadline, Action expired)
    {
        _time = time;
        _deadline = deadline;
        _expired = expired;
        _timer = time.CreateTimer(
            static state => ((CallDeadline)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(NextStep(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Time left; zero or less once the deadline has passed.</summary>
    public TimeSpan Remaining => _deadline - _time.GetUtcNow();

    /// <summary>Whether time is up.</summary>
    public bool HasPassed => Remaining <= TimeSpan.Zero;

    /// <summary>The deadline of a call, or null when it may take for ever.</summary>
    public static DateTimeOffset? Read(CallOptions options) => options.Deadline switch
    {
        null => null,
        { } deadline when deadline == DateTime.MaxValue => null,
        { } deadline when deadline == DateTime.MinValue => DateTimeOffset.MinValue,
        { Kind: DateTimeKind.Utc } deadline => new DateTimeOffset(deadline),
        _ => throw new InvalidOperationException("A deadline has to be in UTC."),
    };

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        // A timer may fire a little early, and does for a deadline beyond its range.
        if (HasPassed)
        {
            _expired();
        }
        else
        {
            _timer.Change(NextStep(), Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan NextStep()
    {
        var remaining = Remaining;
        return remaining <= TimeSpan.Zero ? TimeSpan.Zero : remaining < LongestStep ? remaining : LongestStep;
    }
}
