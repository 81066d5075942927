using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class FlushPaceTests
{
    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 20)]
    [InlineData(100, 100)]
    [InlineData(10_000, 100)]
    public void Pause_Streams_GrowsWithThemUpToItsLimit(int streams, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), FlushPace.Pause(streams));

    [Fact]
    public void TakesTokens_Idle_AtOnce() => Assert.True(new FlushPace(_clock).TakesTokens);

    [Theory]
    [InlineData(1, 5)]
    [InlineData(20, 100)]
    [InlineData(100, 500)]
    [InlineData(10_000, 500)]
    public void TakesTokens_AfterSoManyStreams_OnceTheyHaveWaited(int streams, int milliseconds)
    {
        var pace = new FlushPace(_clock);
        pace.Took(streams);

        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - TimeSpan.FromTicks(1));
        Assert.False(pace.TakesTokens);

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(pace.TakesTokens);
    }
}
