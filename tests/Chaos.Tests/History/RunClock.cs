namespace Chaos.Tests.History;

/// <summary>One clock for all that is written down in a run.</summary>
internal sealed class RunClock
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly DateTimeOffset _date = TimeProvider.System.GetUtcNow();
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>Microseconds since the run began.</summary>
    public long Now => (long)_time.GetElapsedTime(_start).TotalMicroseconds;

    /// <summary>The machine's date at that time of the run; the database on it has the same.</summary>
    public DateTime ToDate(long at) => (_date + TimeSpan.FromMicroseconds(at)).UtcDateTime;

    public long FromDate(DateTime date) => (long)(date - _date.UtcDateTime).TotalMicroseconds;
}
