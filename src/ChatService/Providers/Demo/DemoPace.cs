namespace ChatGrpc.Providers.Demo;

/// <summary>When each delta is due, by a plan that starts now: one that was late does not delay the next.</summary>
internal sealed class DemoPace
{
    private readonly double _perSecond;
    private readonly ulong? _jitterSeed;
    private readonly TimeProvider _time;
    private readonly long _start;

    /// <param name="perSecond">Above 0.</param>
    /// <param name="jitterSeed">The same seed, the same unevenness; null: even.</param>
    public DemoPace(double perSecond, ulong? jitterSeed, TimeProvider time)
    {
        _perSecond = perSecond;
        _jitterSeed = jitterSeed;
        _time = time;
        _start = time.GetTimestamp();
    }

    public Task DueAsync(int index, CancellationToken cancellationToken)
    {
        var due = TimeSpan.FromSeconds((index + 1 + Jitter(index)) / _perSecond);
        var left = due - _time.GetElapsedTime(_start);
        return left > TimeSpan.Zero ? Task.Delay(left, _time, cancellationToken) : Task.CompletedTask;
    }

    // Within 0.4 of an interval to either side, so that no delta overtakes another.
    private double Jitter(int index)
    {
        if (_jitterSeed is not { } seed)
        {
            return 0;
        }

        // Murmur's finalizer: neighbouring numbers in, unrelated ones out.
        var mixed = seed + (ulong)index;
        mixed = (mixed ^ (mixed >> 33)) * 0xFF51AFD7ED558CCD;
        mixed = (mixed ^ (mixed >> 33)) * 0xC4CEB9FE1A85EC53;
        mixed ^= mixed >> 33;
        return ((mixed / (double)ulong.MaxValue) - 0.5) * 0.8;
    }
}
