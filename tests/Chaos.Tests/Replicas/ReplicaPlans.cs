using Chaos.Tests.Runs;

namespace Chaos.Tests.Replicas;

/// <summary>How runs of replicas are.</summary>
internal static class ReplicaPlans
{
    /// <summary>One process is wrong by more than any lease.</summary>
    public static IReadOnlyDictionary<int, FakeClock> Clocks { get; } =
        new Dictionary<int, FakeClock> { [3] = new(TimeSpan.FromSeconds(90)) };

    /// <summary>80 clients that come to any replica, for cancels too; a quarter of the turns is STRICT.</summary>
    public static RunPlan Trouble(int seed, string folder) => new(seed, folder)
    {
        Senders = 72,
        Watchers = 8,
        Strict = 25,
        Pairs = true,
        SharedConnections = 12,
        Haste = 2,
        Opening = TimeSpan.FromSeconds(2),

        // Shorter than some answers: a stop ends them.
        ServiceSettings = ["Chat:Turns:DrainGrace=00:00:03"],
    };
}
