using System.Globalization;

namespace Simulation.Tests.World;

/// <summary>Runs schedules from the command line. 0: all keep the contract; 1: one does not.</summary>
internal static class Replay
{
    /// <summary>Runs one seed and tells all that happened.</summary>
    public static int One(string seed)
    {
        var result = Schedule.Run(Seed(seed));
        Console.WriteLine(Report(result));
        return result.Violations.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs so many seeds and tells, a line for each, which of them go wrong.</summary>
    public static int All(string first, string count)
    {
        var failed = Results(first, count).Where(result => result.Violations.Count > 0).ToList();
        failed.ForEach(result => Console.WriteLine(Line(result)));
        Console.WriteLine($"{failed.Count} of {count} schedules go against the contract.");
        return failed.Count == 0 ? 0 : 1;
    }

    /// <summary>Runs so many seeds, but none after one that goes wrong.</summary>
    public static int UntilOneFails(string first, string count)
    {
        var failed = Results(first, count).FirstOrDefault(result => result.Violations.Count > 0);
        Console.WriteLine(failed is null ? $"No violation in {count} schedules." : Line(failed));
        return failed is null ? 0 : 1;
    }

    /// <summary>For a person: what went wrong, how to see it again, and what led to it.</summary>
    public static string Report(ScheduleResult result) =>
        $"""
        Seed {result.Seed}, {result.Steps} steps. Violations: {string.Join("; ", result.Violations.DefaultIfEmpty("none"))}
        Again: dotnet run --project tests/Simulation.Tests -- schedules {result.Seed}
        {string.Join('\n', result.Trace)}
        """;

    private static string Line(ScheduleResult result) =>
        $"Seed {result.Seed} ({result.Weather}): {string.Join("; ", result.Violations)}";

    private static IEnumerable<ScheduleResult> Results(string first, string count)
    {
        var seed = Seed(first);
        return Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture))
            .Select(i => Schedule.Run(seed + i));
    }

    private static long Seed(string seed) => long.Parse(seed, CultureInfo.InvariantCulture);
}
