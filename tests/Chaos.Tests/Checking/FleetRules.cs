using Chaos.Tests.History;

namespace Chaos.Tests.Checking;

/// <summary>
/// What holds of several replicas: turns of a dead one end soon, a living one keeps its own, and what is STRICT stays.
/// </summary>
internal static class FleetRules
{
    /// <summary>From the death of its owner to the closing commit: a lease of 3 s, a look, and the work.</summary>
    public static readonly TimeSpan EndingAfter = TimeSpan.FromSeconds(5);

    /// <summary>So long an owner is not taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    // What two busy cores may add to it: beside two other suites it took 8.5 s once. The report has the figure itself.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    // With the database away in between: another lease or two, and whatever the machine is busy with.
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(30);

    // Of so many, one in a hundred can be told; of less, one in ten.
    private const int Many = 100;

    // From the end of a harm, or of an outage, to the declaration that comes of it.
    private static readonly TimeSpan After = 2 * EndingAfter;

    public static IEnumerable<Violation> Check(Evidence evidence, Fleet fleet) =>
        Ended([.. Ending.All(evidence)]).Concat(Stayed(evidence))
            .Concat(fleet.Moves.Where(move => move.IsTheft).Select(theft => new Violation(
                Rule.OwnersKeep, theft.StreamId, $"{theft.To} took it from {theft.From}, which lived")));

    /// <summary>
    /// Who was declared dead, and neither it nor the database had come to harm: two busy cores let it stand still for
    /// most of a lease.
    /// </summary>
    public static IEnumerable<(string Replica, long At)> Unharmed(Evidence evidence) =>
        evidence.Fleet!.Deaths.Where(death =>
            !evidence.Fleet.Harms.Any(harm => harm.Replica == death.Replica && Explains(harm.From, harm.Until, death))
            && !evidence.Outages.Any(outage => Explains(outage.From, outage.Until, death)));

    /// <summary>Another replica declared it dead meanwhile.</summary>
    public static bool IsDeathOf(Fleet fleet, Harm harm)
    {
        var until = Math.Max(harm.Until, harm.From + (long)EndingAfter.TotalMicroseconds);
        return fleet.Deaths.Any(
            death => death.Replica == harm.Replica && death.At > harm.From && death.At < until);
    }

    private static bool Explains(long from, long until, (string Replica, long At) death) =>
        from < death.At && death.At < until + (long)After.TotalMicroseconds;

    private static IEnumerable<Violation> Ended(IReadOnlyList<Ending> endings)
    {
        var times = endings.Where(ending => ending.IsUndisturbed).Select(ending => ending.SinceLast).Order().ToList();
        var share = times.Count < Many ? 0.9 : 0.99;
        if (times.Count > 0 && times[(int)(times.Count * share)] is var late && late > EndingAfter + Slack)
        {
            yield return new Violation(
                Rule.EndedSoon, "turns of dead replicas",
                $"of {times.Count}, {1 - share:P0} ended {late} after the death of their owner, or later");
        }

        foreach (var ending in endings.Where(ending => ending.SinceLast > Latest))
        {
            yield return new Violation(
                Rule.EndedSoon, ending.StreamId, $"it ended {ending.SinceLast} after the death of its owner");
        }
    }

    // Withdrawn is what a later epoch begins before; what the log has in its place makes no difference.
    private static IEnumerable<Violation> Stayed(Evidence evidence)
    {
        var strict = evidence.Threads.Where(thread => thread.Sent?.IsStrict == true)
            .Select(thread => thread.Sent!.Request).ToHashSet();
        var streams = evidence.Stored.Streams.Where(stream => strict.Contains(stream.RequestKey))
            .ToDictionary(stream => stream.StreamId);
        return from thread in evidence.Threads
               let stream = streams.GetValueOrDefault(thread.StreamId ?? "")
               where stream is not null
               from shown in thread.AllShown
               where shown.Event.Sequence > stream.Fence(shown.Epoch)
               select new Violation(
                   Rule.StrictStays, $"{thread.Name} of {stream.StreamId}",
                   $"{shown.Event.Sequence} was shown in epoch {shown.Epoch} and withdrawn");
    }
}
