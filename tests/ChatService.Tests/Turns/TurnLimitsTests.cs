using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnLimitsTests : IDisposable
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly TurnStop _stop = new();
    private readonly TurnLimits _limits;
    private readonly TurnOptions _options = new() { Total = TimeSpan.FromSeconds(100) };

    public TurnLimitsTests() => _limits = new TurnLimits(_options, _time, _stop);

    public void Dispose()
    {
        _limits.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void Follow_Waiting_TimeStandsStillAndGoesOnWhereItWas()
    {
        _time.Advance(TimeSpan.FromSeconds(40));

        _limits.Follow(StreamState.Waiting);
        _time.Advance(TimeSpan.FromHours(1));
        _limits.Follow(null);
        _limits.Follow(StreamState.Running);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(StopCause.None, _stop.Cause);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopCause.Total, _stop.Cause);
    }

    [Fact]
    public void Total_Reached_StopsThenAndNotBefore()
    {
        _time.Advance(_options.Total - Millisecond);
        Assert.Equal(StopCause.None, _stop.Cause);
        Assert.False(_stop.Token.IsCancellationRequested);

        _time.Advance(Millisecond);
        Assert.Equal(StopCause.Total, _stop.Cause);
        Assert.True(_stop.Token.IsCancellationRequested);
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
}
