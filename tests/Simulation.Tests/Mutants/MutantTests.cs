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
        var (exitCode, output) = await build.HuntAsync(mistake, MostSchedules);

        Assert.StartsWith("Seed ", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Hunt_WithoutAMistake_FindsNone()
    {
        var (exitCode, output) = await build.HuntAsync("", schedules: 100);

        Assert.Equal($"No violation in 100 schedules.{Environment.NewLine}", output);
        Assert.Equal(0, exitCode);
    }
}
