using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Watching;

/// <summary>Opens watchers.</summary>
internal sealed class SessionWatching(
    IChatStore store, TurnRegistry turns, TurnFollower follower, TurnReading reading, SessionSignals signals,
    SessionFollower changes, IOptions<TurnOptions> options, TimeProvider time)
{
    /// <summary>Watches these sessions from the moment of the call on; they need not exist.</summary>
    public SessionWatcher Open(string tenantId, IReadOnlyList<WatchStart> starts)
    {
        var wake = new AsyncSignal();
        var following = new TurnFollowing(store, turns, follower, reading, wake);
        var sessions = new SessionWatch[starts.Count];
        for (var i = 0; i < sessions.Length; i++)
        {
            var subscription = signals.Subscribe(tenantId, starts[i].SessionId, wake);
            sessions[i] = new SessionWatch(i, starts[i], subscription, store, following);
        }

        changes.Begin();
        return new SessionWatcher(sessions, signals, wake, options.Value, time);
    }
}
