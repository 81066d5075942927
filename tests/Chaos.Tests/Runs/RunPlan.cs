namespace Chaos.Tests.Runs;

/// <summary>How a run is to be.</summary>
/// <param name="Seed">Decides what clients do and what they ask; not when, which the machine decides.</param>
/// <param name="Folder">For the logs of the clients.</param>
internal sealed record RunPlan(int Seed, string Folder)
{
    public int Senders { get; init; } = 180;

    public int Watchers { get; init; } = 20;

    /// <summary>Of postgresql.conf, name=value, beside those that every run has.</summary>
    public IReadOnlyList<string> DatabaseSettings { get; init; } = [];

    /// <summary>Over which the clients come, so that they do not all do the same at the same time.</summary>
    public TimeSpan Opening { get; init; } = TimeSpan.FromSeconds(5);
}
