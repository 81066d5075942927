using System.Globalization;
using Chaos.Tests.Checking;
using Chaos.Tests.History;

namespace Chaos.Tests.Runs;

/// <summary>What was done to the replicas of a run, and how soon the turns of the dead ones ended.</summary>
internal static class FleetReport
{
    public static void Write(Action<FormattableString> line, Fleet fleet)
    {
        line($"| done to a replica | times | of an owner | turns that ran, waited there | away, s |");
        line($"|---|---|---|---|---|");
        foreach (var kind in fleet.Harms.GroupBy(harm => harm.Kind).OrderBy(kind => kind.Key))
        {
            var (ran, all) = (kind.Sum(harm => harm.Ran.Count()), kind.Sum(harm => harm.Owned.Count));
            var away = kind.Select(harm => (harm.Until - harm.From) / 1e6).Order().ToList();
            var owners = kind.Count(harm => harm.Owned.Count > 0);
            FormattableString first = $"| {kind.Key} | {kind.Count()} | {owners} | {ran}, {all - ran}";
            line($"{first.ToString(CultureInfo.InvariantCulture)} | {away[0]:0.0} to {away[^1]:0.0} |");
        }

        line($"");
        line($"| from a kill to the closing commits | kills | turns | p50, ms | p99, ms | longest, ms |");
        line($"|---|---|---|---|---|---|");
        Endings(line, fleet, "another replica was well", witnessed: true);
        Endings(line, fleet, "none was, or the database was away", witnessed: false);
    }

    private static void Endings(Action<FormattableString> line, Fleet fleet, string what, bool witnessed)
    {
        var kills = fleet.Harms.Count(harm => harm.Kind == HarmKind.Kill && harm.HasWitness == witnessed);
        var times = FleetRules.Endings(fleet, witnessed).Select(time => time.TotalMilliseconds).Order().ToList();
        if (times.Count > 0)
        {
            var (p50, p99) = (times[times.Count / 2], times[(int)(times.Count * 0.99)]);
            line($"| {what} | {kills} | {times.Count} | {p50:0} | {p99:0} | {times[^1]:0} |");
        }
    }
}
