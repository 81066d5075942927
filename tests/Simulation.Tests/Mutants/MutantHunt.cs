using System.Globalization;

namespace Simulation.Tests.Mutants;

/// <summary>Hunts mistakes from the command line: tells, a line for each, the first seed that finds it.</summary>
internal static class MutantHunt
{
    /// <param name="count">Of the schedules for each.</param>
    /// <param name="part">Of the names of those that are wanted; empty: all.</param>
    /// <returns>0: all were found; 1: not all.</returns>
    public static async Task<int> RunAsync(string count, string part)
    {
        await using var build = new MutantBuild();
        await build.InitializeAsync();
        var left = 0;
        foreach (var mutant in Mutations.All.Where(mutant => mutant.Name.Contains(part, StringComparison.Ordinal)))
        {
            var (exitCode, output) = await build.HuntAsync(
                mutant.Name, mutant.FirstSeed, int.Parse(count, CultureInfo.InvariantCulture));
            left += exitCode == 1 ? 0 : 1;
            Console.WriteLine($"{mutant.Name}: {output.Trim()}");
        }

        return left == 0 ? 0 : 1;
    }
}
