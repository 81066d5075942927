using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class ReaderPaceTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TurnLog _log = new("stream", 1, 1 << 20, () => { });

    public ReaderPaceTests() => _clock.Advance(TimeSpan.FromSeconds(1));

    [Fact]
    public void Fixed_EachToken_TakesTheTimeOfItsScalars()
    {
        var pace = Pace(Fixed(10));

        Assert.Equal(TimeSpan.Zero, pace.Wait);
        pace.Shown(Token(1, "ab😀cd"));
        Assert.Equal(TimeSpan.FromSeconds(0.5), pace.Wait);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(TimeSpan.FromSeconds(0.3), pace.Wait);
        _clock.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(TimeSpan.Zero, pace.Wait);
    }

    [Fact]
    public void Adaptive_ModelAtAnEvenRate_IsThatRate()
    {
        var rate = new SpeakingRate(_clock);
        for (var i = 0; i < 50; i++)
        {
            rate.Said(4);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(40, rate.PerSecond, tolerance: 1);
        var pace = Pace(new Pacing { Strategy = PacingStrategy.Adaptive }, rate);
        pace.Shown(Token(1, "four"));
        Assert.Equal(0.1, pace.Wait.TotalSeconds, tolerance: 0.01);
    }

    [Fact]
    public void Adaptive_FarBehind_CatchesUpAndKeepsTheLimit()
    {
        var rate = new SpeakingRate(_clock);
        rate.Said(10);
        _clock.Advance(TimeSpan.FromSeconds(1));
        rate.Said(10);
        for (var i = 0; i < 400; i++)
        {
            _log.Append(new StreamChatResponse { Token = new Token { Text = "a" } });
        }

        var free = Pace(new Pacing { Strategy = PacingStrategy.Adaptive }, rate);
        var limited = Pace(
            new Pacing { Strategy = PacingStrategy.Adaptive, CharactersPerSecond = 20 }, rate);
        free.Shown(Token(1, "a"));
        limited.Shown(Token(1, "a"));

        Assert.Equal(2.0 / 399, free.Wait.TotalSeconds, tolerance: 0.001);
        Assert.Equal(0.05, limited.Wait.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public void Adaptive_TurnThatHasEnded_AtOnce()
    {
        var pace = Pace(new Pacing { Strategy = PacingStrategy.Adaptive });
        pace.Shown(Token(1, "abc"));

        Assert.Equal(TimeSpan.Zero, pace.Wait);
    }

    [Fact]
    public void Fixed_FasterThanATimer_RightOnTheAverage()
    {
        var pace = Pace(Fixed(20_000));
        var waited = TimeSpan.Zero;
        for (var i = 0; i < 1_000; i++)
        {
            pace.Shown(Token(i + 1, "four"));
            var wait = TimeSpan.FromMilliseconds(Math.Floor(pace.Wait.TotalMilliseconds));
            _clock.Advance(wait);
            waited += wait;
        }

        Assert.Equal(0.2, waited.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public async Task Read_Paced_DelaysThatReaderAndHearsHeartbeats()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync("/demo tokens=3 rate=max");
        var quick = await scene.Read(turn).ToEndAsync();

        var result = await scene.Readers.ResumeAsync(
            TurnScene.Tenant, new Resume { StreamId = turn.Record.StreamId }, Fixed(0.2), CancellationToken.None);
        var slow = new Reading(result.Reader!);
        var start = scene.Clock.GetTimestamp();
        _ = await slow.UntilAsync(StreamChatResponse.EventOneofCase.Token);
        await scene.PassTimeUntilAsync(slow.ToEndAsync());

        Assert.Equal(quick.Logged, slow.Logged);
        Assert.Contains(slow.Events, one => one.Heartbeat is not null);
        Assert.True(scene.Clock.GetElapsedTime(start) >= TimeSpan.FromSeconds(quick.Answer.Length / 0.2));
    }

    private static Pacing Fixed(double rate) =>
        new() { Strategy = PacingStrategy.Fixed, CharactersPerSecond = rate };

    private static StreamChatResponse Token(long sequence, string text) =>
        new() { Sequence = sequence, Token = new Token { Text = text } };

    private ReaderPace Pace(Pacing pacing, SpeakingRate? model = null) => new(pacing, model, _log, new Drain(), _clock);
}
