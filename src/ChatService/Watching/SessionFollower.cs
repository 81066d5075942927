using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>
/// Sees what other processes change in the sessions that are watched here: one question to the store for all of them,
/// again and again while there are any. It tells watchers that there is something, and they read it themselves.
/// </summary>
internal sealed class SessionFollower
{
    private readonly IChatStore _store;
    private readonly SessionSignals _signals;
    private readonly Alarm _alarm;
    private readonly Lock _gate = new();

    // What the last look found. Only one look at a time touches it.
    private Dictionary<SessionKey, SessionVersion> _seen = [];
    private bool _isLooking;

    public SessionFollower(IChatStore store, SessionSignals signals, StoreHints hints, TimeProvider time)
    {
        (_store, _signals, _alarm) = (store, signals, new Alarm(time));
        hints.Written += _alarm.Ring;
    }

    /// <summary>Somebody has begun to watch.</summary>
    public void Begin()
    {
        if (!_store.IsShared)
        {
            return;
        }

        lock (_gate)
        {
            if (!_isLooking)
            {
                _isLooking = true;
                _ = LookAgainAndAgainAsync();
            }
        }
    }

    private async Task LookAgainAndAgainAsync()
    {
        await Task.Yield();
        var pace = new LookPace();
        while (true)
        {
            // Also the first look waits: who begins to watch reads by itself.
            await _alarm.WaitAsync(pace.Pause, CancellationToken.None);
            if (Watched() is not { Count: > 0 } watched)
            {
                return;
            }

            try
            {
                pace.Looked(Tell(watched, await _store.FindVersionsAsync(watched, CancellationToken.None)));
            }
            catch (Exception)
            {
                // Whatever it is: if nobody looked any more, nothing would be seen again.
                pace.Failed();
            }
        }
    }

    // Empty: nobody looks any more, from this moment on.
    private IReadOnlyCollection<SessionKey> Watched()
    {
        lock (_gate)
        {
            var watched = _signals.IsOver ? [] : _signals.Watched;
            _isLooking = watched.Count > 0;
            _seen = _isLooking ? _seen : [];
            return watched;
        }
    }

    // Of what was seen before nobody is told again, or a watcher that is slow to read would be told at each look. Who
    // has come since then has read something newer.
    private bool Tell(
        IReadOnlyCollection<SessionKey> watched, IReadOnlyDictionary<SessionKey, SessionVersion> found)
    {
        var isNew = false;
        var seen = new Dictionary<SessionKey, SessionVersion>(watched.Count);
        foreach (var session in watched)
        {
            var version = found.GetValueOrDefault(session, SessionVersion.None);
            seen[session] = version;
            isNew |= _seen.GetValueOrDefault(session) != version && _signals.IsNow(session, version);
        }

        _seen = seen;
        return isNew;
    }
}
