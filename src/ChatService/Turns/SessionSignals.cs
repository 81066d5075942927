using System.Collections.Concurrent;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Wakes those who watch a session when it may have changed. Whoever changes one says so here after its commit; that
/// costs a look into a dictionary where nobody watches.
/// </summary>
internal sealed class SessionSignals
{
    private readonly ConcurrentDictionary<SessionKey, SessionSubscription[]> _watched = new();
    private bool _isOver;

    /// <summary>The turns of this process have ended, and no session changes here any more.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>The sessions that are watched here.</summary>
    public IReadOnlyCollection<SessionKey> Watched => [.. _watched.Keys];

    public bool IsWatched(string tenantId, string sessionId) =>
        _watched.ContainsKey(new SessionKey(tenantId, sessionId));

    /// <param name="wake">Set whenever the session may have changed, until the subscription is disposed.</param>
    public SessionSubscription Subscribe(string tenantId, string sessionId, AsyncSignal wake)
    {
        var subscription = new SessionSubscription(this, tenantId, sessionId, wake);
        _ = _watched.AddOrUpdate(
            subscription.Key,
            static (_, added) => [added],
            static (_, others, added) => [.. others, added],
            subscription);
        return subscription;
    }

    /// <summary>Also of a session that is new or gone.</summary>
    public void Changed(string tenantId, string sessionId)
    {
        if (_watched.TryGetValue(new SessionKey(tenantId, sessionId), out var watching))
        {
            Array.ForEach(watching, one => one.SetChanged());
        }
    }

    /// <summary>A session is in this state now. False: all who watch it have seen it so.</summary>
    public bool IsNow(SessionKey session, SessionVersion version)
    {
        var isNews = false;
        foreach (var one in _watched.GetValueOrDefault(session, []))
        {
            if (one.Seen != version)
            {
                one.SetChanged();
                isNews = true;
            }
        }

        return isNews;
    }

    /// <summary>Sends the watchers away: the service stops.</summary>
    public void End()
    {
        // A full fence: who subscribes and is not woken here sees the flag before it waits.
        _ = Interlocked.Exchange(ref _isOver, true);
        foreach (var watching in _watched.Values)
        {
            Array.ForEach(watching, one => one.Wake());
        }
    }

    // The arrays are replaced, never changed, and a session that nobody watches has none.
    public void Remove(SessionSubscription gone)
    {
        while (_watched.TryGetValue(gone.Key, out var all) && all.Contains(gone))
        {
            SessionSubscription[] rest = [.. all.Where(other => other != gone)];
            if (rest.Length == 0
                ? _watched.TryRemove(KeyValuePair.Create(gone.Key, all))
                : _watched.TryUpdate(gone.Key, rest, all))
            {
                return;
            }
        }
    }
}
