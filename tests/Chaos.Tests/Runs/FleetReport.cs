using System.Globalization;
using Chaos.Tests.Checking;
using Chaos.Tests.History;

namespace Chaos.Tests.Runs;

/// <summary>What was done to the replicas of a run, and how soon the turns of the dead ones ended.</summary>
internal static class FleetReport
{
    private const int LatestTurns = 10;

    public static void Write(Action<FormattableString> line, Evidence evidence)
    {
        var fleet = evidence.Fleet!;
        line($"| done to a replica | times | of an owner | declared dead by another | ran, waited there | away, s |");
        line($"|---|---|---|---|---|---|");
        foreach (var kind in fleet.Harms.GroupBy(harm => harm.Kind).OrderBy(kind => kind.Key))
        {
            var (ran, all) = (kind.Sum(harm => harm.Ran.Count()), kind.Sum(harm => harm.Owned.Count));
            var away = kind.Select(harm => (harm.Until - harm.From) / 1e6).Order().ToList();
            var owners = kind.Count(harm => harm.Owned.Count > 0);
            var dead = kind.Count(harm => FleetRules.IsDeathOf(fleet, harm));
            var first = Text($"{kind.Key} | {kind.Count()} | {owners} | {dead} | {ran}, {all - ran}");
            line($"| {first} | {away[0]:0.0} to {away[^1]:0.0} |");
        }

        line($"");
        var unharmed = FleetRules.Unharmed(evidence).Count();
        line($"Declared dead by another: {fleet.Deaths.Count}, of them {unharmed} whom nothing had befallen.");
        var endings = Ending.All(evidence).ToLookup(ending => ending.IsUndisturbed);
        line($"");
        line($"| to the closing commit, from | turns | p50, ms | p99, ms | longest, ms |");
        line($"|---|---|---|---|---|");
        Times(line, "the death of its owner, or of the last that took it over", endings[true], it => it.SinceLast);
        Times(line, "the death of its owner, whatever befell the others", endings[true], it => it.SinceFirst);
        Times(line, "the death of its owner, and the database was away as well", endings[false], it => it.SinceFirst);
        line($"");
        Latest(line, fleet, endings[true]);
    }

    private static void Times(
        Action<FormattableString> line, string from, IEnumerable<Ending> endings, Func<Ending, TimeSpan> time)
    {
        var times = endings.Select(ending => time(ending).TotalMilliseconds).Order().ToList();
        if (times.Count > 0)
        {
            var (p50, p99) = (times[times.Count / 2], times[(int)(times.Count * 0.99)]);
            line($"| {from} | {times.Count} | {p50:0} | {p99:0} | {times[^1]:0} |");
        }
    }

    // Who had those that took the longest, and when.
    private static void Latest(Action<FormattableString> line, Fleet fleet, IEnumerable<Ending> endings)
    {
        var moves = fleet.Moves.ToLookup(move => move.StreamId);
        line($"| latest | what befell its owner, at, s | taken, s later | ended, s later |");
        line($"|---|---|---|---|");
        foreach (var ending in endings.OrderByDescending(ending => ending.SinceLast).Take(LatestTurns))
        {
            var from = ending.First.From;
            var taken = moves[ending.StreamId].Where(move => move.At > from)
                .Select(move => Text($"{Since(move.At):0.0} by {move.To} ({move.From} dead {Since(move.Died):0.0})"));
            var first = Text($"{ending.First.Kind} of {ending.First.Replica}, {from / 1e6:0.0}");
            line($"| {ending.StreamId} | {first} | {string.Join(", ", taken)} | {Since(ending.At):0.0} |");

            double? Since(long? at) => (at - from) / 1e6;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
