using Simulation.Tests.Store;
using Simulation.Tests.World;

namespace Simulation.Tests.Mutants;

/// <summary>A store that breaks its promise does not go unnoticed.</summary>
public sealed class StoreFlawTests
{
    private const int MostSchedules = 1_000;

    public static TheoryData<string> Flaws => new(Enum.GetNames<StoreFlaw>().Where(name => name != "None"));

    [Theory]
    [MemberData(nameof(Flaws))]
    public void Run_FlawedStore_SomeScheduleViolates(string flaw) => Assert.Contains(
        Enumerable.Range(0, MostSchedules),
        seed => Schedule.Run(seed, Enum.Parse<StoreFlaw>(flaw)).Violations.Count > 0);
}
