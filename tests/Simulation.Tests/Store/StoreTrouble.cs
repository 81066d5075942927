using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Store;

/// <summary>What becomes of one call to the store.</summary>
internal enum StoreFate
{
    Done,

    /// <summary>Nothing happens, and the caller is told so.</summary>
    Failed,

    /// <summary>It takes effect, and the caller is told that it failed.</summary>
    DoneAndFailed,
}

/// <summary>How bad the store is, in percent of its calls; the schedule's operator ends it.</summary>
internal sealed class StoreTrouble(Chance chance)
{
    public int FailPercent { get; set; }

    /// <summary>Of the writes: they take effect, and nobody learns it.</summary>
    public int UnknownPercent { get; set; }

    public int StallPercent { get; set; }

    /// <summary>Every call fails.</summary>
    public bool IsAway { get; set; }

    /// <summary>Messages whose streams the store will not take in their first epoch, whatever is tried.</summary>
    public HashSet<string> Refused { get; } = [];

    public bool Any => FailPercent > 0 || UnknownPercent > 0 || StallPercent > 0 || IsAway || Refused.Count > 0;

    public StoreFate Next(bool writes) =>
        IsAway || chance.Percent(FailPercent) ? StoreFate.Failed
        : writes && chance.Percent(UnknownPercent) ? StoreFate.DoneAndFailed
        : StoreFate.Done;

    public TimeSpan Stall() => chance.Percent(StallPercent) ? chance.Milliseconds(1, 3_000) : TimeSpan.Zero;

    public void End()
    {
        (FailPercent, UnknownPercent, StallPercent, IsAway) = (0, 0, 0, false);
        Refused.Clear();
    }
}
