using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Store;

/// <summary>What becomes of one call to the store.</summary>
internal enum StoreFate
{
    Done,

    /// <summary>Nothing happens, and the caller is told so.</summary>
    Failed,

    /// <summary>It takes effect, and the caller is told that nobody knows.</summary>
    DoneAndUnknown,

    /// <summary>The caller is told that nobody knows, and then it takes effect, also if the caller is dead.</summary>
    DoneLater,

    /// <summary>Nothing happens, and the caller is told that nobody knows.</summary>
    NotDoneAndUnknown,
}

/// <summary>How bad the store is, in percent of its calls; the schedule's operator ends it.</summary>
internal sealed class StoreTrouble(Chance chance)
{
    private TimeSpan? _doubtedSince;
    private TimeSpan? _doubt;
    private bool _isOpenedLate;

    public int FailPercent { get; set; }

    /// <summary>Of the writes: nobody learns what came of them.</summary>
    public int UnknownPercent { get; set; }

    public int StallPercent { get; set; }

    /// <summary>So many calls are going to take effect, though nobody waits for them.</summary>
    public int Late { get; set; }

    /// <summary>Every call fails.</summary>
    public bool IsAway { get; set; }

    /// <summary>Messages whose streams the store will not take in their first epoch, whatever is tried.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>
    /// The message whose first opening is of unknown outcome, and cannot be tried again for a while; empty: none.
    /// </summary>
    public string Doubted { get; set; } = "";

    public bool Any => FailPercent > 0 || UnknownPercent > 0 || StallPercent > 0 || IsAway || Refused.Count > 0
        || Doubted.Length > 0;

    public StoreFate Next(bool writes) =>
        writes && chance.Percent(UnknownPercent)
            ? IsAway ? StoreFate.NotDoneAndUnknown
                : chance.Of(StoreFate.DoneAndUnknown, StoreFate.DoneLater, StoreFate.NotDoneAndUnknown)
        : IsAway || chance.Percent(FailPercent) ? StoreFate.Failed
        : StoreFate.Done;

    public StoreFate NextOpening(string text, TimeSpan now)
    {
        if (text.Length == 0 || text != Doubted)
        {
            return Next(writes: true);
        }

        // Longer than the service tries before it answers, or shorter.
        _doubt ??= chance.Of(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(0.3));
        _doubtedSince ??= now;
        if (now == _doubtedSince)
        {
            var fate = chance.Of(StoreFate.DoneAndUnknown, StoreFate.DoneLater, StoreFate.DoneLater);
            _isOpenedLate = fate == StoreFate.DoneLater && chance.Percent(50);
            return fate;
        }

        return now - _doubtedSince < _doubt ? StoreFate.Failed : Next(writes: true);
    }

    /// <summary>How long the store may still have work to do of which nobody waits any more.</summary>
    public TimeSpan Delay()
    {
        // After its sender was told that nobody knows, and before the service gives it up.
        var least = _isOpenedLate ? 3_000 : 0;
        _isOpenedLate = false;
        return chance.Milliseconds(least, Math.Max(least, chance.Of(100, 3_000, 9_000)));
    }

    public TimeSpan Stall() => chance.Percent(StallPercent) ? chance.Milliseconds(1, 3_000) : TimeSpan.Zero;

    public void End()
    {
        (FailPercent, UnknownPercent, StallPercent, IsAway, Doubted) = (0, 0, 0, false, "");
        Refused.Clear();
    }
}
