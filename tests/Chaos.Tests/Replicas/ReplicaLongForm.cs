using System.Globalization;
using Chaos.Tests.Checking;
using Chaos.Tests.History;
using Chaos.Tests.Runs;

namespace Chaos.Tests.Replicas;

/// <summary>
/// Trouble of three replicas for as long as it is told, drawn by a seed: one or two of them at the same time, and at
/// least one is left alone. Ends with a report.
/// </summary>
internal sealed class ReplicaLongForm(ReplicaRun run, Random dice)
{
    private const int AtOnce = 2;

    // Of a hundred faults, so many come when all are well again, so that somebody saw all of them.
    private const int Alone = 20;

    private static readonly TimeSpan ShortestCalm = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestCalm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDown = TimeSpan.FromSeconds(2);

    // About a lease, and most of them beyond it.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2.6);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(6);

    // So many that owners have something to lose, and so few that two cores bear them beside processes that start.
    private const int Senders = 32;

    private readonly ReplicaTrouble _trouble = new(run);
    private readonly Dictionary<Replica, Task> _busy = [];

    // The one that has been well for the longest time comes first.
    private readonly List<Replica> _well = [.. run.Replicas];

    /// <param name="report">The file for the report.</param>
    /// <param name="seed">Null: any.</param>
    /// <returns>The exit code: 0 if nothing is wrong.</returns>
    public static async Task<int> RunAsync(string minutes, string report, string? seed)
    {
        var chosen = seed is null ? Random.Shared.Next() : int.Parse(seed, CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {chosen}."));
        var logs = Directory.CreateTempSubdirectory("chatgrpc-chaos-");
        var time = TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
        var evidence = await TroubleAsync(ReplicaPlans.Trouble(chosen, logs.FullName) with { Senders = Senders }, time);
        var violations = Checker.Check(evidence);
        var text = Report.Write(chosen, evidence, violations);
        await File.WriteAllTextAsync(report, text);
        Console.WriteLine(text);
        if (violations.Count > 0)
        {
            Console.WriteLine($"The clients' logs are in {logs.FullName}.");
            return 1;
        }

        logs.Delete(recursive: true);
        return 0;
    }

    private static async Task<Evidence> TroubleAsync(RunPlan plan, TimeSpan time)
    {
        await using var run = await ReplicaRun.StartAsync(plan, clocks: ReplicaPlans.Clocks);
        await run.OpenAsync();
        var form = new ReplicaLongForm(run, new Random(plan.Seed));
        while (run.Clock.Now < time.TotalMicroseconds)
        {
            await form.NextAsync();
        }

        await Task.WhenAll(form._busy.Values);
        await run.Metronome.After(LongestCalm);
        return await run.CloseAsync();
    }

    // Begins one.
    private async Task NextAsync()
    {
        var (isAlone, fault, lasting) = (dice.Next(100) < Alone, dice.Next(100), Between(Shortest, Longest));
        await run.Metronome.After(Between(ShortestCalm, LongestCalm));
        while (_busy.Count >= (isAlone ? 1 : AtOnce))
        {
            var over = await Task.WhenAny(_busy.Values);
            var (served, _) = _busy.Single(busy => busy.Value == over);
            _ = _busy.Remove(served);
            _well.Add(served);
            await over;
        }

        if (isAlone)
        {
            await run.Metronome.After(FleetRules.Lease);
        }

        // Who has just come back has no turns to lose: of two, the other one.
        var replica = _well[dice.Next(Math.Max(1, _well.Count - 1))];
        var (name, cause) = Draw(fault, replica, lasting);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Clock.Now / 1e6,7:0.0} s  {name}, {replica.Name}, beside {_busy.Count}"));
        if (name.StartsWith("database", StringComparison.Ordinal))
        {
            await cause();
        }
        else
        {
            _ = _well.Remove(replica);
            _busy[replica] = cause();
        }
    }

    private (string Name, Func<Task> Cause) Draw(int fault, Replica replica, TimeSpan time) => fault switch
    {
        < 64 => ("kill -9", () => _trouble.KillAsync(replica, dice.Next(2) * (time - Shortest) / 5 * 2)),
        < 86 => ("freeze", () => _trouble.FreezeAsync(replica, time)),
        < 92 => ("cut", () => _trouble.CutAsync(replica, time)),
        < 96 => ("stop", () => _trouble.StopAsync(replica)),
        < 98 => ("database, restart", _trouble.RestartDatabaseAsync),
        _ => ("database, kill -9", () => _trouble.KillDatabaseAsync(LongestDown / 2)),
    };

    private TimeSpan Between(TimeSpan least, TimeSpan most) => least + (dice.NextDouble() * (most - least));
}
