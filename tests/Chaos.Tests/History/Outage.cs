namespace Chaos.Tests.History;

/// <summary>A time in which the service could not reach its store, in microseconds since the run began.</summary>
/// <param name="Until">A connection succeeded again, from beside the service.</param>
internal sealed record Outage(string Kind, long From, long Until)
{
    /// <summary>When the trouble began that led to it; a warning may come from then on.</summary>
    public required long Begun { get; init; }

    /// <summary>The first commit of the service after it; null: the service was not there to make one.</summary>
    public long? Committed { get; init; }

    /// <summary>Whether the service could tell at once: a refused connection, not one on which nothing comes.</summary>
    public required bool IsTold { get; init; }

    public TimeSpan Length => TimeSpan.FromMicroseconds(Until - From);
}
