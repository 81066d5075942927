using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnLimitsTests : IDisposable
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly TurnStop _stop = new();
    private readonly TurnLimits _limits;

    private readonly TurnOptions _options = new()
    {
        FirstToken = TimeSpan.FromSeconds(10),
        Stall = TimeSpan.FromSeconds(20),
        Total = TimeSpan.FromSeconds(100),
    };

    public TurnLimitsTests() => _limits = new TurnLimits(_options, _time, _stop);

    public void Dispose()
    {
        _limits.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void FirstToken_NoText_StopsAtTheLimit() => AssertStops(StopCause.FirstToken, _options.FirstToken);

    [Fact]
    public void FirstToken_SignsOfLifeWithoutText_DoNotCount()
    {
        _time.Advance(TimeSpan.FromSeconds(9));
        _limits.Progress(isText: false);

        AssertStops(StopCause.FirstToken, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Stall_SilenceAfterText_StopsAtTheLimit()
    {
        _time.Advance(TimeSpan.FromSeconds(9));
        _limits.Progress(isText: true);

        AssertStops(StopCause.Stall, _options.Stall);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stall_SignOfLife_StartsAgain(bool isText)
    {
        _limits.Progress(isText: true);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(_options.Stall - Millisecond);
            _limits.Progress(isText);
        }

        AssertStops(StopCause.Stall, _options.Stall);
    }

    [Fact]
    public void Stall_ShorterThanTheFirstTokenLimit_CountsFromTheFirstText()
    {
        _options.FirstToken = TimeSpan.FromSeconds(50);
        using var stop = new TurnStop();
        using var limits = new TurnLimits(_options, _time, stop);
        limits.Progress(isText: true);
        _time.Advance(_options.Stall - Millisecond);
        Assert.Equal(StopCause.None, stop.Cause);

        _time.Advance(Millisecond);
        Assert.Equal(StopCause.Stall, stop.Cause);
    }

    [Fact]
    public void Total_ProgressAllTheTime_StopsAtTheLimit()
    {
        for (var i = 0; i < 99; i++)
        {
            _limits.Progress(isText: true);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        AssertStops(StopCause.Total, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Pause_WaitingForTheStore_IsNoStall()
    {
        _limits.Progress(isText: true);
        _time.Advance(TimeSpan.FromSeconds(15));
        _limits.Pause();
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(StopCause.None, _stop.Cause);

        _limits.Resume();
        AssertStops(StopCause.Stall, _options.Stall);
    }

    [Fact]
    public void Pause_ForEver_TheTotalStillHolds()
    {
        _limits.Progress(isText: true);
        _limits.Pause();

        AssertStops(StopCause.Total, _options.Total);
    }

    [Fact]
    public void TryStop_StoppedBefore_TheFirstCauseHolds()
    {
        Assert.True(_stop.TryStop(StopCause.Cancelled));
        _time.Advance(_options.Total);

        Assert.Equal(StopCause.Cancelled, _stop.Cause);
        Assert.False(_stop.TryStop(StopCause.Shutdown));
    }

    [Fact]
    public void Dispose_Armed_NothingStops()
    {
        _limits.Dispose();
        _time.Advance(_options.Total);

        Assert.Equal(StopCause.None, _stop.Cause);
    }

    private void AssertStops(StopCause cause, TimeSpan after)
    {
        _time.Advance(after - Millisecond);
        Assert.Equal(StopCause.None, _stop.Cause);
        Assert.False(_stop.Token.IsCancellationRequested);

        _time.Advance(Millisecond);
        Assert.Equal(cause, _stop.Cause);
        Assert.True(_stop.Token.IsCancellationRequested);
    }
}
