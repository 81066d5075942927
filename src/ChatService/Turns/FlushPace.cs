namespace ChatGrpc.Turns;

/// <summary>
/// How far apart commits are: the more streams, the longer, because a commit costs by its streams and hardly by their
/// tokens. Endings are waited for by somebody; tokens before them are shown anyway.
/// </summary>
internal sealed class FlushPace(TimeProvider time)
{
    // Between two commits a millisecond for each stream, and never longer than a person would notice response_saved
    // to be late.
    private static readonly TimeSpan PausePerStream = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    // At 10 tokens a second a row then holds five of them and not one; a crash takes these and those of one pause.
    private static readonly TimeSpan WaitPerStream = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private long _last = time.GetTimestamp();
    private TimeSpan _wait = TimeSpan.Zero;

    /// <summary>Tokens of turns that go on have waited long enough.</summary>
    public bool TakesTokens => time.GetElapsedTime(_last) >= _wait;

    /// <summary>From one look at the streams to the next.</summary>
    /// <param name="streams">That had something to commit.</param>
    public static TimeSpan Pause(int streams) => AtMost(LongestPause, streams * PausePerStream);

    /// <summary>Tokens of so many streams were taken.</summary>
    public void Took(int streams)
    {
        _last = time.GetTimestamp();
        _wait = AtMost(LongestWait, streams * WaitPerStream);
    }

    private static TimeSpan AtMost(TimeSpan limit, TimeSpan wanted) => wanted < limit ? wanted : limit;
}
