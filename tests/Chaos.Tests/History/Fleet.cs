namespace Chaos.Tests.History;

/// <summary>What is known of a run of several replicas, beside what is known of every run.</summary>
/// <param name="Ends">When the closing commit of each stream was made.</param>
internal sealed record Fleet(IReadOnlyList<Harm> Harms, IReadOnlyDictionary<string, long> Ends)
{
    /// <summary>Turns that were taken from an owner that lived, and by whom.</summary>
    public IReadOnlyList<(string StreamId, string How)> Thefts { get; init; } = [];
}
