namespace ChatGrpc.Turns;

/// <summary>
/// For how long commits have failed: the flusher says, and the turns' runners ask, who warn those that read.
/// </summary>
internal sealed class StoreOutage(TimeProvider time)
{
    // A hiccup is over by then, and is nothing that a reader could do anything about.
    private static readonly TimeSpan LongestHiccup = TimeSpan.FromSeconds(2);

    private volatile Outage? _current;

    /// <summary>The outage that lasts long enough to be told of, each another object; null: there is none.</summary>
    public object? Noticed =>
        _current is { } current && time.GetElapsedTime(current.Since) > LongestHiccup ? current : null;

    /// <summary>The clock's timestamp of a commit that begins.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>A commit has failed.</summary>
    /// <param name="tried">When it began: a store that lets its callers wait for that is away meanwhile.</param>
    public void Failed(long tried)
    {
        _current ??= new Outage(tried);
    }

    /// <summary>A commit has succeeded.</summary>
    public void End() => _current = null;

    // Not a record: two of the same time would be the same.
    private sealed class Outage(long since)
    {
        public long Since => since;
    }
}
