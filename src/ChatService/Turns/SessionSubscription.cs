namespace ChatGrpc.Turns;

/// <summary>One watcher's interest in one session.</summary>
internal sealed class SessionSubscription(SessionSignals signals, string tenantId, string sessionId, AsyncSignal wake)
    : IDisposable
{
    private bool _changed;

    public string TenantId => tenantId;

    public string SessionId => sessionId;

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
