namespace ChatGrpc.Turns;

/// <summary>Why a turn was stopped.</summary>
internal enum StopCause
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>By CancelStream.</summary>
    Cancelled,

    /// <summary>Its reader went away, and the request said that this ends it.</summary>
    ClientGone,

    /// <summary>The turn took too long.</summary>
    Total,

    /// <summary>The service stops.</summary>
    Shutdown,

    /// <summary>Another owner has the stream.</summary>
    LostLease,

    /// <summary>It was found in the store after its sender had been told that it is not there.</summary>
    OpenedLate,
}

/// <summary>Stops a turn, once, and remembers why: the first cause holds.</summary>
internal sealed class TurnStop : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private int _cause;

    public StopCause Cause => (StopCause)Volatile.Read(ref _cause);

    public CancellationToken Token => _source.Token;

    /// <summary>The turn's work is cancelled when this returns. False: it was stopped before.</summary>
    public bool TryStop(StopCause cause)
    {
        if (Interlocked.CompareExchange(ref _cause, (int)cause, (int)StopCause.None) != (int)StopCause.None)
        {
            return false;
        }

        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The turn ended by itself in the meantime; there is nothing left to stop.
        }

        return true;
    }

    public void Dispose() => _source.Dispose();
}
