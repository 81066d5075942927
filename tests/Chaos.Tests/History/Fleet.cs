namespace Chaos.Tests.History;

/// <summary>What is known of a run of several replicas, beside what is known of every run.</summary>
/// <param name="Ends">When the closing commit of each stream was made that ended INTERRUPTED.</param>
internal sealed record Fleet(IReadOnlyList<Harm> Harms, IReadOnlyDictionary<string, long> Ends)
{
    /// <summary>The turns that came to another owner, in order.</summary>
    public IReadOnlyList<Move> Moves { get; init; } = [];

    /// <summary>Which replicas others declared dead, and when.</summary>
    public IReadOnlyList<(string Replica, long At)> Deaths { get; init; } = [];
}
