using ChatGrpc.Model;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>
/// Refuses what would not fit into the memory that the operator gives to answers: what has been taken on goes on as if
/// nothing were.
/// </summary>
internal sealed class Admission(TurnRegistry turns, IOptions<TurnOptions> options, TimeProvider time)
{
    // What a reader holds: its call, its HTTP/2 stream and what Kestrel buffers for it. bench/results has the figure.
    private const long ReaderBytes = 32 * 1024;

    // The sum over all turns is taken that often at most.
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(100);

    private readonly long _limit = options.Value.MaxMemory;
    private readonly Lock _gate = new();
    private long _readers;
    private long _turnBytes;
    private long _asked;

    /// <summary>Why nobody is let in now; null: come in.</summary>
    public Failure? Refusal =>
        TurnBytes() + (Volatile.Read(ref _readers) * ReaderBytes) < _limit ? null : TurnFailures.Overloaded;

    public void ReaderCame() => Interlocked.Increment(ref _readers);

    public void ReaderLeft() => Interlocked.Decrement(ref _readers);

    private long TurnBytes()
    {
        lock (_gate)
        {
            if (_asked == 0 || time.GetElapsedTime(_asked) >= Freshness)
            {
                _asked = time.GetTimestamp();
                _turnBytes = turns.MemoryBytes;
            }

            return _turnBytes;
        }
    }
}
