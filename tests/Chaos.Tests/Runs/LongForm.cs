using System.Globalization;
using Chaos.Tests.Checking;
using Chaos.Tests.Faults;
using Chaos.Tests.History;
using Chaos.Tests.Load;

namespace Chaos.Tests.Runs;

/// <summary>Trouble for as long as it is told, drawn by a seed; ends with a report.</summary>
internal static class LongForm
{
    // A third of the faults is over before anybody is warned.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(-2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan ShortestCalm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestCalm = TimeSpan.FromSeconds(5);

    /// <param name="report">The file for the report.</param>
    /// <param name="seed">Null: any.</param>
    /// <returns>The exit code: 0 if nothing is wrong.</returns>
    public static async Task<int> RunAsync(string minutes, string report, string? seed)
    {
        var chosen = seed is null ? Random.Shared.Next() : int.Parse(seed, CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {chosen}."));
        var logs = Directory.CreateTempSubdirectory("chatgrpc-chaos-");
        var time = TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
        var evidence = await BesiegeAsync(new RunPlan(chosen, logs.FullName), time);
        var violations = Checker.Check(evidence);
        var text = Report.Write(chosen, evidence, violations);
        await File.WriteAllTextAsync(report, text);
        Console.WriteLine(text);

        // What was not written down was not judged.
        var caused = evidence.Faults.Count - evidence.Kills.Count;
        var isWhole = caused == evidence.Outages.Count;
        if (!isWhole)
        {
            Console.WriteLine($"The store was away {caused} times; {evidence.Outages.Count} outages were judged.");
        }

        if (violations.Count > 0 || !isWhole)
        {
            Console.WriteLine($"The clients' logs are in {logs.FullName}.");
            return 1;
        }

        logs.Delete(recursive: true);
        return 0;
    }

    private static async Task<Evidence> BesiegeAsync(RunPlan plan, TimeSpan time)
    {
        var dice = new Random(plan.Seed);
        await using var siege = await Siege.BeginAsync(plan);
        await siege.Run.OpenAsync();
        while (siege.Run.Clock.Now < time.TotalMicroseconds)
        {
            await siege.Run.Metronome.After(Between(dice, ShortestCalm, LongestCalm));
            var lasting = Between(dice, Shortest, Longest);
            var (name, cause) = Draw.Next(dice, lasting > TimeSpan.Zero ? lasting : TimeSpan.Zero);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{siege.Run.Clock.Now / 1e6,6:0.0} s  {name}, {Math.Max(0, lasting.TotalSeconds):0.0} s"));
            await cause(siege.Trouble);
            siege.Run.Faults.Add(name);
        }

        await siege.Run.Metronome.After(LongestCalm);
        return await siege.Run.CloseAsync();
    }

    private static TimeSpan Between(Random dice, TimeSpan least, TimeSpan most) =>
        least + (dice.NextDouble() * (most - least));
}
