namespace ChatGrpc.Turns;

/// <summary>
/// For how long commits have failed, or the one under way has had no answer: the flusher says, and the turns' runners
/// ask, who warn those that read.
/// </summary>
internal sealed class StoreOutage(TimeProvider time)
{
    // A hiccup is over by then, and is nothing that a reader could do anything about.
    private static readonly TimeSpan LongestHiccup = TimeSpan.FromSeconds(2);

    private volatile Commit? _failed;
    private volatile Commit? _underWay;

    /// <summary>The outage that lasts long enough to be told of, each another object; null: there is none.</summary>
    public object? Noticed =>
        (_failed ?? _underWay) is { } first && time.GetElapsedTime(first.Began) > LongestHiccup ? first : null;

    /// <summary>A commit begins.</summary>
    public void Begin()
    {
        _underWay = new Commit(time.GetTimestamp());
    }

    /// <summary>The commit has failed. The store has been away since the first that did began.</summary>
    public void Failed()
    {
        _failed ??= _underWay;
        _underWay = null;
    }

    /// <summary>The commit was refused; the store is there.</summary>
    public void Answered() => _underWay = null;

    /// <summary>The commit has succeeded.</summary>
    public void End()
    {
        _failed = null;
        _underWay = null;
    }

    // Not a record: two of the same time would be the same.
    private sealed class Commit(long began)
    {
        public long Began => began;
    }
}
