using Simulation.Tests.Store;
using Simulation.Tests.World;

namespace Simulation.Tests.Mutants;

/// <summary>A store that breaks its promise does not go unnoticed.</summary>
public sealed class StoreFlawTests
{
    private const int MostSchedules = 1_000;

    public static TheoryData<string> Flaws => new(
        Enum.GetValues<StoreFlaw>().Where(flaw => flaw != StoreFlaw.None && !IsOfLeases(flaw))
            .Select(flaw => $"{flaw}"));

    // Where several processes share the store.
    public static TheoryData<string> FlawsOfLeases => new(
        Enum.GetValues<StoreFlaw>().Where(IsOfLeases).Append(StoreFlaw.KeepsEpochOfTaken).Select(flaw => $"{flaw}"));

    [Theory]
    [MemberData(nameof(Flaws))]
    public void Run_FlawedStore_SomeScheduleViolates(string flaw) => Hunt(flaw, 0);

    [Theory]
    [MemberData(nameof(FlawsOfLeases))]
    public void Run_FlawedStoreOfSeveral_SomeScheduleViolates(string flaw) => Hunt(flaw, Schedule.FirstOfReplicas);

    private static bool IsOfLeases(StoreFlaw flaw) => flaw >= StoreFlaw.DeclaresDeadAtOnce;

    private static void Hunt(string flaw, long firstSeed) => Assert.Contains(
        Enumerable.Range(0, MostSchedules),
        i => Schedule.Run(firstSeed + i, Enum.Parse<StoreFlaw>(flaw)).Violations.Count > 0);
}
