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

/// <summary>When a process could commit nothing, and for how long.</summary>
internal sealed class Outages(Scheduler scheduler)
{
    // From then on readers are told.
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(2);

    private readonly List<Outage> _all = [];

    /// <summary>That readers have to be told of now; null: none.</summary>
    public Outage? Current =>
        _all is [.., { Until: null } last] && scheduler.Now - last.Since > Noticed ? last : null;

    /// <summary>How many there were that readers may have been told of.</summary>
    public int Count => _all.Count(outage => (outage.Until ?? scheduler.Now) - outage.Since > Noticed);

    public async Task<T> ObserveAsync<T>(Task<T> commit)
    {
        var began = scheduler.Now;
        try
        {
            var result = await commit;
            End();
            return result;
        }
        catch (StoreException refusal) when (refusal.Refused)
        {
            throw;
        }
        catch (StoreException)
        {
            if (_all is not [.., { Until: null }])
            {
                _all.Add(new Outage(began));
            }

            throw;
        }
    }

    private void End()
    {
        if (_all is [.., { Until: null } last])
        {
            last.Until = scheduler.Now;
        }
    }
}
