using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>
/// Says when a reader may have the next event: each text takes the time that it takes at the wanted rate. Delays one
/// reader, changes nothing.
/// </summary>
/// <param name="model">How fast the model speaks; null: it has ended, and its text comes as fast as may be.</param>
internal sealed class ReaderPace(Pacing pacing, SpeakingRate? model, TurnLog log, TimeProvider time)
{
    // What a reader may lag behind an even flow before it is read faster: a burst is spread over as much.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private long _last;
    private TimeSpan _taken;
    private double _charactersPerToken = 1;

    /// <summary>How long the event after what was shown so far still has to wait; zero or less: it is due.</summary>
    public TimeSpan Wait => _last == 0 ? TimeSpan.Zero : _taken - time.GetElapsedTime(_last);

    public void Shown(StreamChatResponse shown)
    {
        if (shown.Token is null)
        {
            return;
        }

        var characters = shown.Token.Text.EnumerateRunes().Count();
        _charactersPerToken += (characters - _charactersPerToken) / 8;
        _last = time.GetTimestamp();
        _taken = Rate(shown.Sequence) is > 0 and var rate ? TimeSpan.FromSeconds(characters / rate) : TimeSpan.Zero;
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
