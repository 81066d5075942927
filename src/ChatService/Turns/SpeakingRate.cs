namespace ChatGrpc.Turns;

/// <summary>
/// How fast a model speaks, on the average of the last seconds: what it said and the time it took both fade, so that
/// neither a burst nor a pause counts for long. One writer; readers see a figure that may be a moment old.
/// </summary>
internal sealed class SpeakingRate(TimeProvider time)
{
    // After that time a text counts for a third of what it did.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(3);

    private double _characters;
    private double _seconds;
    private double _perSecond;
    private long _last;

    /// <summary>UTF-16 units a second; 0: it has not said enough to tell.</summary>
    public double PerSecond => Volatile.Read(ref _perSecond);

    public void Said(int characters)
    {
        var now = time.GetTimestamp();
        if (_last != 0)
        {
            var passed = time.GetElapsedTime(_last, now);
            var fading = Math.Exp(-passed / Memory);
            _characters = (_characters * fading) + characters;
            _seconds = (_seconds * fading) + passed.TotalSeconds;
            Volatile.Write(ref _perSecond, _seconds > 0 ? _characters / _seconds : 0);
        }

        _last = now;
    }
}
