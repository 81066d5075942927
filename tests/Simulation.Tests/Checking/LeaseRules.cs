using ChatGrpc.Storage;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Store;

namespace Simulation.Tests.Checking;

/// <summary>
/// Who lives and who owns what, where several processes share the store: nobody is taken for dead who could tell that
/// it lives, and who was taken for dead changes nothing any more.
/// </summary>
internal sealed class LeaseRules
{
    // A renewal comes each 0.75 s, and one without an answer is given up after 1 s.
    private static readonly TimeSpan LongestBetweenRenewals = TimeSpan.FromSeconds(2);

    // Two renewals of which each was stalled on both its ways.
    private static readonly TimeSpan LongestStalled = TimeSpan.FromSeconds(15);

    // From the store's word that it is dead to the last of what it does: no time, but timers may fire early.
    private static readonly TimeSpan LongestToHeed = TimeSpan.FromMilliseconds(250);

    private readonly Ledger _ledger;
    private readonly MemoryStore _store;
    private readonly Scheduler _scheduler;
    private readonly Dictionary<string, StoreLink> _links = [];
    private readonly HashSet<string> _declared = [];
    private readonly HashSet<string> _left = [];
    private readonly Dictionary<string, TimeSpan> _learned = [];

    public LeaseRules(Ledger ledger, MemoryStore store, Scheduler scheduler)
    {
        (_ledger, _store, _scheduler) = (ledger, store, scheduler);
        store.DeclaredDead += DeclaredDead;
    }

    /// <summary>The store was away for all, or all were cut off from it.</summary>
    public (TimeSpan Since, TimeSpan? Until)? Outage { get; set; }

    /// <summary>Until then calls fail and last as the seed has it, for everybody.</summary>
    public TimeSpan FlakyUntil { get; set; }

    /// <summary>Where an incarnation lives or has lived; null: it has told nobody.</summary>
    public StoreLink? LinkOf(string incarnation) => _links.GetValueOrDefault(incarnation);

    public void Enters(string incarnation, StoreLink link)
    {
        if (_links.TryAdd(incarnation, link))
        {
            link.WasHindered();
        }
    }

    public void Left(string incarnation) => _left.Add(incarnation);

    /// <summary>An incarnation hears that it was declared dead.</summary>
    public void Learned(string incarnation) => _ = _learned.TryAdd(incarnation, _scheduler.Now);

    /// <param name="owner">Whose it was; empty: it was given away.</param>
    public void TookOver(StreamRecord taken, string owner)
    {
        if (_store.IsShared && owner.Length > 0 && !_declared.Contains(owner) && !_left.Contains(owner))
        {
            var (stream, from) = (_ledger.Trace.Alias(taken.StreamId, "s"), _ledger.Trace.Alias(owner, "i"));
            _ledger.Violate($"{stream} is taken from {from}, which lives");
        }
    }

    /// <summary>A queued turn may run from now on; null: none.</summary>
    /// <param name="promoter">Who owned the turn by whose end it may.</param>
    public void Promoted(string? streamId, string? promoter)
    {
        if (!_store.IsShared || streamId is null)
        {
            return;
        }

        var owner = _store.Find(streamId)!.Owner;
        if (owner != promoter || !_store.IsAlive(owner))
        {
            _ledger.Violate($"{_ledger.Trace.Alias(streamId, "s")} is let run, and its owner is another one, or dead");
        }
    }

    /// <param name="owner">Who owned the stream in the store.</param>
    public void Committed(TurnWrite write, string? owner, StoreLink link)
    {
        if (_store.IsShared && LinkOf(owner ?? "") != link)
        {
            _ledger.Violate(
                $"{link.Place.Name} writes to {_ledger.Trace.Alias(write.StreamId, "s")}, which is another's");
        }
    }

    /// <summary>A process may do something for a turn that is another's, as long as it cannot know.</summary>
    public bool IsExcused(StoredStream? stream, Place place)
    {
        if (stream is null || !_store.IsShared || LinkOf(stream.Owner)?.Place == place)
        {
            return false;
        }

        var isNew = _links.Any(pair => pair.Value.Place == place && _declared.Contains(pair.Key)
            && (!_learned.TryGetValue(pair.Key, out var since) || _scheduler.Now - since < LongestToHeed));
        if (!isNew)
        {
            _ledger.Violate(
                $"{place.Name} goes on with {_ledger.Trace.Alias(stream.Record.StreamId, "s")}, which is another's, "
                + "and knows it");
        }

        return true;
    }

    private void DeclaredDead(string dead, string taker)
    {
        var name = _ledger.Trace.Alias(dead, "i");
        _ledger.Trace.Say($"store: {name} is declared dead by {_ledger.Trace.Alias(taker, "i")}");
        _ = _declared.Add(dead);
        var isFlaky = _scheduler.Now - FlakyUntil < LongestStalled;
        if (LinkOf(dead) is not { } link || _learned.ContainsKey(dead) || isFlaky)
        {
            return;
        }

        var since = link.Hindered;
        if (Outage is { Until: null })
        {
            _ledger.Violate($"{name} is declared dead while the store is away for all");
        }
        else if (Outage is { Until: { } until } outage)
        {
            // Who came through it as the others did has as much time as a lease has.
            var wasThere = since < outage.Since - LongestBetweenRenewals;
            since = wasThere ? TimeSpan.Zero : since > until ? since : until;
        }

        if (_scheduler.Now - since > LongestBetweenRenewals)
        {
            _ledger.Violate($"{name} is declared dead, though it lives at {link.Place.Name} and could reach the store");
        }
    }
}
