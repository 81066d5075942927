namespace ChatGrpc.Turns;

/// <summary>A pause between two looks that somebody can end who knows that there is something to see.</summary>
internal sealed class Alarm(TimeProvider time)
{
    private readonly AsyncSignal _signal = new();

    /// <summary>Ends the pause, or the next one.</summary>
    public void Ring() => _signal.Set();

    /// <summary>One pause at a time.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await using var timer = time.CreateTimer(
            static signal => ((AsyncSignal)signal!).Set(), _signal, pause, Timeout.InfiniteTimeSpan);
        await using var cancelled =
            cancellationToken.UnsafeRegister(static signal => ((AsyncSignal)signal!).Set(), _signal);
        await _signal.WaitAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
