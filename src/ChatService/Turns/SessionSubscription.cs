using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>One watcher's interest in one session.</summary>
internal sealed class SessionSubscription(SessionSignals signals, string tenantId, string sessionId, AsyncSignal wake)
    : IDisposable
{
    private bool _changed;
    private SessionVersion? _seen;

    public SessionKey Key { get; } = new(tenantId, sessionId);

    public string TenantId => Key.TenantId;

    public string SessionId => Key.SessionId;

    /// <summary>The state in which the watcher has found the session last; null: it has not looked yet.</summary>
    public SessionVersion? Seen
    {
        get => Volatile.Read(ref _seen);
        set => Volatile.Write(ref _seen, value);
    }

    /// <summary>The session may have changed since <see cref="TakeChanged"/>.</summary>
    public bool IsChanged => Volatile.Read(ref _changed);

    /// <summary>Comes before the look at the session: a change during the look is another one.</summary>
    public void TakeChanged() => Interlocked.Exchange(ref _changed, false);

    public void SetChanged()
    {
        Volatile.Write(ref _changed, true);
        wake.Set();
    }

    public void Wake() => wake.Set();

    public void Dispose() => signals.Remove(this);
}
