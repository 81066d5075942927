using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>
/// Refuses what would not fit into the memory that the operator gives to answers: what has been taken on goes on as if
/// nothing were.
/// </summary>
internal sealed class Admission(
    TurnRegistry turns, TurnFollower follower, IOptions<TurnOptions> options, TimeProvider time)
{
    // What a reader holds: its call, its HTTP/2 stream and what Kestrel buffers for it. bench/results has the figure.
    private const long ReaderBytes = 32 * 1024;

    // The sum over all turns is taken that often at most.
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(100);

    private readonly long _limit = options.Value.MaxMemory;
    private readonly Lock _gate = new();
    private long _held;
    private long _turnBytes;
    private long _asked;

    /// <summary>A reader's place, to be disposed of when it leaves; null: there is none left.</summary>
    public IDisposable? TryEnter() => TryHold(ReaderBytes);

    /// <summary>
    /// Room for so many bytes, to be disposed of when they are let go; null: there is none left. It is given while
    /// there is any, so that a small limit does not refuse what is large for good: the last one may go above it.
    /// </summary>
    public IDisposable? TryHold(long bytes)
    {
        if (TurnBytes() + Volatile.Read(ref _held) >= _limit)
        {
            return null;
        }

        _ = Interlocked.Add(ref _held, bytes);
        return new Place(this, bytes);
    }

    private long TurnBytes()
    {
        lock (_gate)
        {
            if (_asked == 0 || time.GetElapsedTime(_asked) >= Freshness)
            {
                _asked = time.GetTimestamp();
                _turnBytes = turns.MemoryBytes + follower.MemoryBytes;
            }

            return _turnBytes;
        }
    }

    private sealed class Place(Admission admission, long bytes) : IDisposable
    {
        public void Dispose() => Interlocked.Add(ref admission._held, -bytes);
    }
}
