using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>
/// Says when a reader may have the next event: each text takes the time that it takes at the wanted rate. Delays one
/// reader, changes nothing.
/// </summary>
/// <param name="model">How fast the model speaks; null: it has ended, and its text comes as fast as may be.</param>
internal sealed class ReaderPace(
    Pacing pacing, SpeakingRate? model, TurnLog log, Drain drain, TimeProvider time)
{
    // What a reader may lag behind an even flow before it is read faster: a burst is spread over as much.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    // Timers know nothing smaller; what is left of a wait goes into the next one.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    // How soon a reader that waits learns that the service stops.
    private static readonly TimeSpan LongestSlice = TimeSpan.FromSeconds(1);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _due;
    private double _charactersPerToken = 1;

    /// <summary>How long the event after what was shown so far still has to wait; zero: it is due.</summary>
    public TimeSpan Wait => _due - Now is var wait && wait >= Tick ? wait : TimeSpan.Zero;

    /// <summary>The service stops, and nobody is read to at leisure any more.</summary>
    public bool IsOver => drain.IsOver;

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>How much of a wait to wait before looking up.</summary>
    public static TimeSpan Slice(TimeSpan wait, TimeSpan heartbeat)
    {
        var longest = heartbeat < LongestSlice ? heartbeat : LongestSlice;
        return wait < longest ? wait : longest;
    }

    public void Shown(StreamChatResponse shown)
    {
        if (shown.Token is null)
        {
            return;
        }

        var characters = shown.Token.Text.EnumerateRunes().Count();
        _charactersPerToken += (characters - _charactersPerToken) / 8;
        var free = Now > _due ? Now : _due;
        _due = Rate(shown.Sequence) is > 0 and var rate ? free + TimeSpan.FromSeconds(characters / rate) : free;
    }

    // Characters a second; 0: as fast as may be.
    private double Rate(long sequence)
    {
        var limit = pacing.HasCharactersPerSecond ? pacing.CharactersPerSecond : double.PositiveInfinity;
        var wanted = pacing.Strategy == PacingStrategy.Adaptive ? Adapted(sequence) : limit;
        var rate = Math.Min(wanted, limit);
        return double.IsPositiveInfinity(rate) ? 0 : rate;
    }

    private double Adapted(long sequence)
    {
        if (model is not { PerSecond: > 0 and var spoken })
        {
            return double.PositiveInfinity;
        }

        var behind = (log.ShownSequence - sequence) * _charactersPerToken;
        return Math.Max(spoken, behind / Slack.TotalSeconds);
    }
}
