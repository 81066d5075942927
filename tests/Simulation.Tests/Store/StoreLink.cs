using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Store;

/// <summary>Between one process and a store that others share: it can be cut while they go on.</summary>
internal sealed class StoreLink(Place place, Scheduler scheduler)
{
    private TimeSpan _hindered = scheduler.Now;

    public Place Place => place;

    public bool IsCut { get; private set; }

    /// <summary>What is asked fails, as for all others.</summary>
    public bool Suffers { get; private set; }

    /// <summary>What is asked while it is cut has no answer for a while; else it fails at once.</summary>
    public bool Hangs { get; private set; }

    /// <summary>
    /// When it last was frozen, cut off or just about to begin: so that it could not tell the store that it lives.
    /// </summary>
    public TimeSpan Hindered => IsCut || place.IsFrozen || place.IsDead ? scheduler.Now : _hindered;

    public void Cut(bool hangs) => (IsCut, Hangs) = (true, hangs);

    public void Heal() => (IsCut, _hindered) = (false, scheduler.Now);

    /// <summary>The store is away for all.</summary>
    public void Suffer(bool hangs) => (Suffers, Hangs) = (true, hangs);

    public void Recover() => Suffers = false;

    /// <summary>Until now something was in its way.</summary>
    public void WasHindered() => _hindered = scheduler.Now;
}
