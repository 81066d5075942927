namespace ChatGrpc.Client.Streams;

/// <summary>How long to wait between two tries, and when to give up: after so long without any progress.</summary>
/// <param name="patience">Zero: nothing is tried again.</param>
internal sealed class Outage(TimeSpan patience, TimeProvider time, Random random)
{
    /// <summary>A connection that broke by itself is back at once.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    /// <summary>A service that was started again is found within that time.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private long? _since;
    private TimeSpan _wait = FirstWait;

    public TimeSpan Patience => patience;

    /// <summary>Nothing has failed since the last progress.</summary>
    public bool IsOver => _since is null;

    /// <summary>Something came: what fails from now on is another outage.</summary>
    public void End()
    {
        _since = null;
        _wait = FirstWait;
    }

    /// <summary>False: it is time to give up.</summary>
    /// <param name="asked">How long the service wants to be left alone, if it said so.</param>
    public async Task<bool> WaitAsync(TimeSpan? asked, CancellationToken cancellationToken)
    {
        _since ??= time.GetTimestamp();
        var left = patience - time.GetElapsedTime(_since.Value);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        // Between half of it and all of it: clients that were cut off together do not come back together.
        var wait = _wait * (1 + random.NextDouble()) / 2;
        _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
        wait = asked > wait ? asked.Value : wait;

        // The last try is at the end of the time.
        await Task.Delay(wait < left ? wait : left, time, cancellationToken);
        return true;
    }
}
