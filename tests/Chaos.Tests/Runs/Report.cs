using System.Globalization;
using System.Text;
using Chaos.Tests.Checking;
using Chaos.Tests.History;

namespace Chaos.Tests.Runs;

/// <summary>A run in Markdown: what happened, how much of it was seen, and what is wrong.</summary>
internal static class Report
{
    public static string Write(int seed, Evidence evidence, IReadOnlyList<Violation> violations)
    {
        var text = new StringBuilder();
        Line($"Seed {seed}: {violations.Count} violations.");
        Line($"");
        Summary(Line, evidence);
        if (evidence.Fleet is not null)
        {
            Line($"");
            FleetReport.Write(Line, evidence);
        }
        else if (evidence.Outages.Count > 0)
        {
            Line($"");
            Faults(Line, evidence);
        }

        if (violations.Count > 0)
        {
            Line($"");
            Line($"## What is wrong");
            Line($"");
            foreach (var rule in violations.GroupBy(violation => violation.Rule))
            {
                Line($"- {rule.Key}, {rule.Count()} times");
                rule.Take(5).ToList().ForEach(violation => Line($"  - {violation.About}: {violation.What}"));
            }
        }

        return text.ToString();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static void Summary(Action<FormattableString> line, Evidence evidence)
    {
        var readings = evidence.Threads.SelectMany(thread => thread.Readings).ToList();
        var entries = evidence.Threads.SelectMany(thread => thread.Entries).ToList();
        var fences = evidence.Stored.Streams.ToDictionary(stream => stream.StreamId);
        var withdrawn = evidence.Threads.Sum(thread => thread.AllShown.Count(shown => shown.Event.Sequence > 0
            && thread.StreamId is { } id && fences.GetValueOrDefault(id)?.Fence(shown.Epoch) < shown.Event.Sequence));
        line($"| what | how many |");
        line($"|---|---|");
        foreach (var end in evidence.Stored.Streams.GroupBy(stream => (stream.State, stream.Reason))
            .OrderBy(group => group.Key))
        {
            line($"| turns that ended {end.Key.State} {end.Key.Reason} | {end.Count()} |");
        }

        foreach (var fault in evidence.Faults.CountBy(fault => fault).OrderByDescending(fault => fault.Value))
        {
            line($"| faults: {fault.Key} | {fault.Value} |");
        }

        line($"| questions to the provider | {evidence.Calls.Count} |");
        line($"| calls of clients | {readings.Count} |");
        foreach (var status in readings.Where(reading => reading.Ended?.Kind == EntryKind.Status)
            .GroupBy(reading => reading.Ended!.Outcome).OrderByDescending(group => group.Count()))
        {
            line($"| calls that ended {status.Key} | {status.Count()} |");
        }

        line($"| sends refused with UNAVAILABLE | {readings.Count(IsRefused)} |");
        line($"| cancels | {entries.Count(entry => entry.Kind == EntryKind.Cancelled)} |");
        line($"| sends given up | {entries.Count(entry => entry.Kind == EntryKind.GaveUp)} |");
        line($"| events shown | {entries.Count(entry => entry.Kind == EntryKind.Event)} |");
        line($"| events withdrawn by a new epoch | {withdrawn} |");
        line($"| events in the logs | {evidence.Stored.Streams.Sum(stream => stream.Log.Count)} |");
    }

    private static void Faults(Action<FormattableString> line, Evidence evidence)
    {
        line($"| fault | at, s | away, s | streams | tokens | warned | refused | p50, ms | p99, ms | saved, ms |");
        line($"|---|---|---|---|---|---|---|---|---|---|");
        foreach (var outage in evidence.Outages)
        {
            var through = OutageRules.Through(outage, evidence).ToList();
            var shown = through.SelectMany(reading => reading.Events)
                .Where(shown => shown.At > outage.From && shown.At < outage.Until).ToList();
            var refusals = OutageRules.Refusals(outage, evidence).Order().ToList();
            var (p50, p99) = (Percentile(refusals, 0.5), Percentile(refusals, 0.99));
            var saved = outage.Committed is { } committed
                ? Milliseconds(TimeSpan.FromMicroseconds(committed - outage.Until))
                : "";
            var tokens = shown.Count(each => each.Event.Token is not null);
            var warnings = shown.Where(each => each.Event.Warning is not null).Select(each => each.At).ToList();
            var warned = warnings.Count == 0
                ? "0"
                : Text($"{warnings.Count}, from {(warnings.Min() - outage.From) / 1e6:0.0} s on");
            FormattableString first =
                $"| {outage.Kind} | {outage.From / 1e6:0.0} | {outage.Length.TotalSeconds:0.0} | {through.Count}";
            line($"{Text(first)} | {tokens} | {warned} | {refusals.Count} | {p50} | {p99} | {saved} |");
        }
    }

    private static bool IsRefused(Reading reading) => reading.Asked.Kind == EntryKind.Send
        && reading.Events.Count == 0 && reading.Ended?.Outcome == "Unavailable";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Percentile(List<TimeSpan> sorted, double share) =>
        sorted.Count == 0 ? "" : Milliseconds(sorted[(int)(sorted.Count * share)]);

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
}
