using Chaos.Tests.History;

namespace Chaos.Tests.Checking;

/// <summary>What clients see while the store is away: streams go on and say so, new turns are refused, and soon after
/// its return what was shown is saved.</summary>
internal static class OutageRules
{
    /// <summary>After so long without a commit, readers are warned.</summary>
    public static readonly TimeSpan WarningAfter = TimeSpan.FromSeconds(2);

    /// <summary>From the first connection to the first commit.</summary>
    public static readonly TimeSpan SavingAgain = TimeSpan.FromSeconds(1);

    // What two busy cores may add to any of these.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    // A lost connection may leave the caller in doubt whether its turn was opened: so long the service may find out.
    private static readonly TimeSpan Refusal = TimeSpan.FromSeconds(2);

    // In so long each stream has to have said something, and been told; and somebody has to have been refused.
    private static readonly TimeSpan Long = WarningAfter + (2 * Slack);

    public static IEnumerable<Violation> Check(Evidence evidence) =>
        from outage in evidence.Outages
        from violation in Running(outage, evidence).Concat(Refused(outage, evidence)).Concat(Saved(outage))
        select violation;

    /// <summary>How long each send waited that began and was refused in the outage.</summary>
    public static IEnumerable<TimeSpan> Refusals(Outage outage, Evidence evidence) =>
        from thread in evidence.Threads
        from reading in thread.Readings
        where reading.Asked.Kind == EntryKind.Send && reading.Asked.At > outage.From && reading.Asked.At < outage.Until
        where reading.Events.Count == 0 && reading.Ended is { Kind: EntryKind.Status }
        select TimeSpan.FromMicroseconds(reading.Ended!.At - reading.Asked.At);

    /// <summary>The readings that were open from before the outage until after it, and had something to read.</summary>
    public static IEnumerable<Reading> Through(Outage outage, Evidence evidence) =>
        evidence.Threads.SelectMany(thread => Through(outage, thread));

    private static IEnumerable<Reading> Through(Outage outage, ClientThread thread) =>
        from reading in thread.Readings
        where reading.Events.Count > 0 && reading.Events[0].At < outage.From
        where reading.Events[^1].At > outage.Until
        let next = reading.Events.FirstOrDefault(shown => shown.At > outage.From)
        where next?.Event.Token is not null || next?.Event.Warning is not null
        select reading;

    private static IEnumerable<Violation> Running(Outage outage, Evidence evidence)
    {
        if (outage.Length < Long)
        {
            yield break;
        }

        foreach (var (thread, reading) in evidence.Threads.SelectMany(
            thread => Through(outage, thread).Select(reading => (thread, reading))))
        {
            var during = reading.Events.Where(shown => shown.At > outage.From && shown.At < outage.Until).ToList();
            var id = reading.Events[0].Event.SessionInfo.StreamId;
            if (!during.Exists(shown => shown.Event.Token is not null))
            {
                yield return new Violation(Rule.StreamsGoOn, id, $"no token came in {outage.Length} of {outage.Kind}");
            }

            // One that resumes from further back is shown those of earlier outages again.
            var known = thread.AllShown.Where(shown => shown.At < outage.Begun)
                .Select(shown => shown.Event.Sequence).DefaultIfEmpty().Max();
            var warnings = reading.Events.Count(shown => shown.At > outage.Begun && shown.At < outage.Until
                && shown.Event.Sequence > known && shown.Event.Warning?.Code == "PERSISTENCE_DELAYED");
            var isMidway = during.Exists(shown => shown.Event.Token is not null
                && shown.At > outage.From + (long)(WarningAfter + (2 * Slack)).TotalMicroseconds);
            if (warnings > 1 || (warnings == 0 && isMidway && outage.IsTold))
            {
                yield return new Violation(Rule.Warned, id, $"{warnings} warnings in {outage.Length} of {outage.Kind}");
            }
        }
    }

    private static IEnumerable<Violation> Refused(Outage outage, Evidence evidence)
    {
        if (!outage.IsTold)
        {
            yield break;
        }

        // What is asked later may find the store back.
        var last = outage.Until - (long)(Refusal + Slack).TotalMicroseconds;
        foreach (var (thread, reading) in evidence.Threads.SelectMany(
            thread => thread.Readings.Select(reading => (thread, reading))))
        {
            var asked = reading.Asked;
            var answered = FirstSign(reading) ?? long.MaxValue;
            if (asked.Kind == EntryKind.Send && asked.At >= outage.From && asked.At <= last
                && answered - asked.At > (Refusal + Slack).TotalMicroseconds)
            {
                yield return new Violation(
                    Rule.RefusedAtOnce, thread.Name,
                    $"{asked.Request} had no answer in {Refusal + Slack} of {outage.Kind}, which took {outage.Length}");
            }
        }

        // Who only begins turns, one after the other, has been there.
        if (outage.Length > Long && !Refusals(outage, evidence).Any())
        {
            yield return new Violation(Rule.RefusedAtOnce, outage.Kind, $"nobody was refused in {outage.Length}");
        }
    }

    // That there is a stream, or that there is none.
    private static long? FirstSign(Reading reading) => reading.Events is [var first, ..] ? first.At : reading.Ended?.At;

    private static IEnumerable<Violation> Saved(Outage outage)
    {
        if (outage.Committed is { } committed
            && TimeSpan.FromMicroseconds(committed - outage.Until) is var late && late > SavingAgain)
        {
            yield return new Violation(Rule.SavedSoonAfter, outage.Kind, $"the first commit came after {late}");
        }
    }
}
