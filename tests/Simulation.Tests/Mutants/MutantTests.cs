using Simulation.Tests.World;

namespace Simulation.Tests.Mutants;

/// <summary>A simulation that finds nothing proves nothing: it has to find every one of these mistakes.</summary>
public sealed class MutantTests(MutantBuild build) : IClassFixture<MutantBuild>
{
    // Most are found within ten.
    private const int MostSchedules = 1_000;

    public static TheoryData<string> Names => new(Mutations.All.Select(mutant => mutant.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hunt_WithAMistake_FindsAViolation(string mistake)
    {
        var firstSeed = Mutations.All.Single(mutant => mutant.Name == mistake).FirstSeed;

        var (exitCode, output) = await build.HuntAsync(mistake, firstSeed, MostSchedules);

        Assert.StartsWith("Seed ", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Schedule.FirstOfReplicas)]
    public async Task Hunt_WithoutAMistake_FindsNone(long firstSeed)
    {
        var (exitCode, output) = await build.HuntAsync("", firstSeed, schedules: 100);

        Assert.Equal($"No violation in 100 schedules.{Environment.NewLine}", output);
        Assert.Equal(0, exitCode);
    }
}
