namespace ChatGrpc.Turns;

/// <summary>Those who wait for news, each by a signal of its own.</summary>
internal sealed class Audience
{
    private readonly Lock _gate = new();

    // Replaced, never changed: waking them takes no lock.
    private AsyncSignal[] _signals = [];

    public bool Any => Volatile.Read(ref _signals).Length > 0;

    public void Add(AsyncSignal signal)
    {
        lock (_gate)
        {
            _signals = [.. _signals, signal];
        }
    }

    public void Remove(AsyncSignal signal)
    {
        lock (_gate)
        {
            _signals = [.. _signals.Where(other => other != signal)];
        }
    }

    public void Wake()
    {
        foreach (var signal in Volatile.Read(ref _signals))
        {
            signal.Set();
        }
    }
}
