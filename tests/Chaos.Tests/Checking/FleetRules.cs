using Chaos.Tests.History;

namespace Chaos.Tests.Checking;

/// <summary>
/// What holds of several replicas: turns of a dead one end soon, a living one keeps its own, and what is STRICT stays.
/// </summary>
internal static class FleetRules
{
    /// <summary>From the kill of its owner to the closing commit: a lease of 3 s, a look, and the work.</summary>
    public static readonly TimeSpan EndingAfter = TimeSpan.FromSeconds(5);

    /// <summary>So long an owner is not taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    // What two busy cores may add to it: the report has the figure itself.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    // When nobody has been well for long: another lease or two, and whatever the machine is busy with.
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(30);

    private const double Share = 0.99;

    public static IEnumerable<Violation> Check(Evidence evidence, Fleet fleet) =>
        Ended(fleet).Concat(Stayed(evidence))
            .Concat(fleet.Thefts.Select(theft => new Violation(Rule.OwnersKeep, theft.StreamId, theft.How)));

    /// <summary>
    /// How long after the kill of its owner each turn that ran was ended, for kills that another replica could see from
    /// beginning to end, or for those that none could.
    /// </summary>
    public static IEnumerable<TimeSpan> Endings(Fleet fleet, bool witnessed) =>
        from kill in fleet.Harms
        where kill.Kind == HarmKind.Kill && kill.HasWitness == witnessed
        from stream in kill.Ran
        where fleet.Ends.ContainsKey(stream)
        select TimeSpan.FromMicroseconds(fleet.Ends[stream] - kill.From);

    private static IEnumerable<Violation> Ended(Fleet fleet)
    {
        var endings = Endings(fleet, witnessed: true).Order().ToList();
        if (endings.Count > 0 && endings[(int)(endings.Count * Share)] is var late && late > EndingAfter + Slack)
        {
            yield return new Violation(
                Rule.EndedSoon, "turns of dead replicas",
                $"of {endings.Count}, one in a hundred ended {late} after the kill of its owner, or later");
        }

        foreach (var longest in Endings(fleet, witnessed: false).Where(ending => ending > Latest))
        {
            yield return new Violation(
                Rule.EndedSoon, "a turn of a dead replica", $"it ended {longest} after the kill of its owner");
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
