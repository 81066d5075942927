using Chaos.Tests.History;

namespace Chaos.Tests.Checking;

/// <summary>The end of a turn that was taken from a dead owner while it ran.</summary>
/// <param name="First">What its owner died of.</param>
/// <param name="Last">The same; or what befell the last one that had taken it over, before it was ended.</param>
/// <param name="At">When the closing commit was made.</param>
internal sealed record Ending(string StreamId, Harm First, Harm Last, long At)
{
    public TimeSpan SinceFirst => TimeSpan.FromMicroseconds(At - First.From);

    public TimeSpan SinceLast => TimeSpan.FromMicroseconds(At - Last.From);

    /// <summary>The database was there all the time, and for a lease before.</summary>
    public bool IsUndisturbed { get; private init; }

    /// <summary>All of a run.</summary>
    public static IEnumerable<Ending> All(Evidence evidence)
    {
        var fleet = evidence.Fleet!;
        var taken = fleet.Moves.Where(move => move.HasRun).GroupBy(move => move.StreamId)
            .ToDictionary(moves => moves.Key, moves => moves.First().At);
        var harms = (from harm in fleet.Harms
                     where harm.Kind != HarmKind.Stop
                     from stream in harm.Ran
                     select (stream, harm)).ToLookup(each => each.stream, each => each.harm);
        return from end in fleet.Ends
               where taken.ContainsKey(end.Key)
               let first = harms[end.Key].LastOrDefault(harm => harm.From < taken[end.Key])
               where first is not null
               let last = harms[end.Key].Last(harm => harm.From < end.Value)
               select new Ending(end.Key, first, last, end.Value)
               {
                   IsUndisturbed = !evidence.Outages.Any(outage => outage.From < end.Value
                       && outage.Until > first.From - (long)FleetRules.Lease.TotalMicroseconds),
               };
    }
}
