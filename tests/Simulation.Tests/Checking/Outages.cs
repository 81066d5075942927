using ChatGrpc.Storage;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Checking;

/// <summary>A time in which a process could commit nothing.</summary>
internal sealed class Outage(TimeSpan since)
{
    public TimeSpan Since => since;

    /// <summary>Null: it goes on.</summary>
    public TimeSpan? Until { get; set; }
}

/// <summary>When a process could commit nothing, and for how long, by its own clock.</summary>
internal sealed class Outages(SimulatedClock clock)
{
    // From then on readers are told.
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(2);

    private readonly List<Outage> _all = [];

    private TimeSpan Now => TimeSpan.FromTicks(clock.GetTimestamp());

    /// <summary>That readers have to be told of now; null: none.</summary>
    public Outage? Current =>
        _all is [.., { Until: null } last] && Now - last.Since > Noticed ? last : null;

    /// <summary>How many there were that readers may have been told of.</summary>
    public int Count => _all.Count(outage => (outage.Until ?? Now) - outage.Since > Noticed);

    public async Task<T> ObserveAsync<T>(Task<T> commit)
    {
        // One that has no answer is one as soon as it has lasted.
        var began = _all is [.., { Until: null }] ? null : new Outage(Now);
        if (began is not null)
        {
            _all.Add(began);
        }

        try
        {
            var result = await commit;
            End();
            return result;
        }
        catch (StoreException refusal) when (refusal.Refused)
        {
            began?.Until = Now;
            throw;
        }
    }

    private void End()
    {
        if (_all is [.., { Until: null } last])
        {
            last.Until = Now;
        }
    }
}
