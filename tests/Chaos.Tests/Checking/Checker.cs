using Chaos.Tests.History;

namespace Chaos.Tests.Checking;

/// <summary>
/// Judges a run by what was written down: what the clients saw, what the database holds, what the provider was asked
/// and what the right answers are. It knows nothing of the service's code.
/// </summary>
internal static class Checker
{
    public static IReadOnlyList<Violation> Check(Evidence evidence) =>
    [
        .. evidence.Threads.SelectMany(ReadingRules.Check),
        .. evidence.Threads.SelectMany(StatusRules.Check),
        .. evidence.Stored.Streams.SelectMany(stream => LogRules.Check(stream, evidence)),
        .. EndRules.Check(evidence),
        .. CommitRules.Check(evidence),
        .. RequestRules.Check(evidence),
        .. ProviderRules.Check(evidence),
        .. evidence.Fleet is null ? OutageRules.Check(evidence) : FleetRules.Check(evidence, evidence.Fleet),
    ];
}
