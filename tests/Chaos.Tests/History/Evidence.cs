namespace Chaos.Tests.History;

/// <summary>All that is known of a run when it is over.</summary>
internal sealed record Evidence(
    IReadOnlyList<ClientThread> Threads,
    Stored Stored,
    IReadOnlyList<ProviderCall> Calls,
    IReadOnlyList<Outage> Outages,
    IReadOnlyList<string> Faults,
    IReadOnlyList<ServiceKill> Kills)
{
    /// <summary>Null: one process served.</summary>
    public Fleet? Fleet { get; init; }
}
