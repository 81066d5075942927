namespace ChatGrpc.Turns;

/// <summary>
/// How long who waits for something in the store waits until it looks again: the less, the newer what it saw.
/// </summary>
internal sealed class LookPace
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    public TimeSpan Pause { get; private set; } = Shortest;

    /// <summary>The least time after something new, and twice as long after each look that found nothing.</summary>
    public void Looked(bool isNew) => Pause = isNew ? Shortest : Pause * 2 < Longest ? Pause * 2 : Longest;

    /// <summary>The store could not be asked.</summary>
    public void Failed() => Pause = Longest;
}
