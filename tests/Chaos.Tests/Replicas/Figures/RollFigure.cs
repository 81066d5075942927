using Chaos.Tests.Checking;
using Chaos.Tests.History;
using Chaos.Tests.Runs;
using Chat.V1;
using ChatGrpc.TestKit;

namespace Chaos.Tests.Replicas.Figures;

/// <summary>Rolling restarts under load: nobody is told more than to come back, and all turns come to ends.</summary>
internal static class RollFigure
{
    private const int Rolls = 10;
    private const int Seed = 20261122;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);

    public static async Task<bool> MeasureAsync(Action<FormattableString> line)
    {
        using var logs = new TemporaryFolder();
        var plan = ReplicaPlans.Trouble(Seed, logs.Path) with { Haste = 4, Attached = 30, ServiceSettings = [] };
        await using var run = await ReplicaRun.StartAsync(plan);
        await run.OpenAsync();
        var trouble = new ReplicaTrouble(run);
        for (var roll = 0; roll < Rolls; roll++)
        {
            await run.Metronome.After(Calm);
            await trouble.RollAsync();
        }

        var evidence = await run.CloseAsync();
        var violations = Checker.Check(evidence);
        var cancelled = evidence.Stored.Streams.Count(stream => stream.State == StreamState.Cancelled);
        var failed = evidence.Stored.Streams.Count(stream => stream.State != StreamState.Completed) - cancelled;
        var readings = evidence.Threads.SelectMany(thread => thread.Readings)
            .Where(reading => reading.Ended?.Kind == EntryKind.Status).ToList();
        var others = readings.Count(reading => reading.Ended!.Outcome is not ("OK" or "Unavailable" or "Aborted"));
        var stops = evidence.Fleet!.Harms.Select(harm => TimeSpan.FromMicroseconds(harm.Until - harm.From)).Order()
            .ToList();
        line($"## Rolling restarts");
        line($"");
        line($"| {Rolls} rolling restarts of three replicas under load | |");
        line($"|---|---|");
        line($"| turns | {evidence.Stored.Streams.Count} |");
        line($"| turns that somebody cancelled | {cancelled} |");
        line($"| turns that came neither to COMPLETED nor to that | {failed} |");
        line($"| calls of clients | {readings.Count} |");
        line($"| calls that ended UNAVAILABLE, and were made again | {readings.Count(IsUnavailable)} |");
        line($"| calls that ended otherwise than OK, UNAVAILABLE or SESSION_BUSY | {others} |");
        line($"| violations of any rule | {violations.Count} |");
        var (p50, longest) = (stops[stops.Count / 2].TotalSeconds, stops[^1].TotalSeconds);
        line($"| from SIGTERM to the new process, p50 and longest, s | {p50:0.0}, {longest:0.0} |");
        line($"");
        violations.Take(5).ToList().ForEach(violation => line($"- {violation}"));
        return failed + others + violations.Count == 0;
    }

    private static bool IsUnavailable(Reading reading) => reading.Ended!.Outcome == "Unavailable";
}
