namespace Chaos.Tests.History;

/// <summary>One clock for all that is written down in a run.</summary>
internal sealed class RunClock
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>Microseconds since the run began.</summary>
    public long Now => (long)_time.GetElapsedTime(_start).TotalMicroseconds;
}
