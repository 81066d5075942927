namespace Chaos.Tests.History;

/// <summary>A turn that came to another owner, in microseconds since the run began.</summary>
internal sealed record Move(string StreamId, long At, string From, string To)
{
    /// <summary>When the former owner was declared dead, or left; null: it had not begun to live.</summary>
    public long? Died { get; init; }

    /// <summary>It ran, and did not wait for its session or its client: it ends.</summary>
    public bool HasRun { get; init; }

    /// <summary>The former owner lived.</summary>
    public bool IsTheft { get; init; }
}
