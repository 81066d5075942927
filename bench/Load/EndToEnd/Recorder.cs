namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>What a round's streams have seen so far. Used by all connections at once.</summary>
internal sealed class Recorder(int streams, int tokens)
{
    private readonly int[] _microseconds = new int[streams * tokens];
    private readonly TaskCompletionSource _allStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private int _started;

    /// <summary>Tokens so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Every stream has its first token.</summary>
    public Task AllStarted => _allStarted.Task;

    /// <summary>Some stream is at its end.</summary>
    public Task FirstEnded => _firstEnded.Task;

    public void Started()
    {
        if (Interlocked.Increment(ref _started) == streams)
        {
            _allStarted.TrySetResult();
        }
    }

    public void Ended() => _firstEnded.TrySetResult();

    public void Record(long microseconds) =>
        _microseconds[Interlocked.Increment(ref _count) - 1] = (int)microseconds;

    /// <summary>Upstream to client, in milliseconds; after the round.</summary>
    public double Percentile(double share)
    {
        var sorted = _microseconds.AsSpan(0, _count).ToArray();
        Array.Sort(sorted);
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))] / 1_000.0;
    }
}
