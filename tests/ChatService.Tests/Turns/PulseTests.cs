using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class PulseTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly AsyncSignal _wake = new();
    private readonly Pulse _pulse;

    public PulseTests() => _pulse = new Pulse(Interval, _time, _wake);

    public void Dispose() => _pulse.Dispose();

    [Fact]
    public void TakeDue_SilentForTheInterval_OnceAndTheWaiterIsWoken()
    {
        _time.Advance(Interval - Millisecond);
        Assert.False(_pulse.TakeDue());

        _time.Advance(Millisecond);
        Assert.True(_wake.WaitAsync().AsTask().IsCompleted);
        Assert.True(_pulse.TakeDue());
        Assert.False(_pulse.TakeDue());
    }

    [Fact]
    public void TakeDue_Beats_TheIntervalStartsAgain()
    {
        _time.Advance(Interval - Millisecond);
        _pulse.Beat();
        _time.Advance(Interval - Millisecond);
        Assert.False(_pulse.TakeDue());

        _time.Advance(Millisecond);
        Assert.True(_pulse.TakeDue());
    }

    [Fact]
    public void Beat_DueButNotTaken_TakesItBack()
    {
        _time.Advance(Interval);
        _pulse.Beat();

        Assert.False(_pulse.TakeDue());
    }

    [Fact]
    public void TakeDue_LongSilence_OnceForEachInterval()
    {
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(Interval);
            Assert.True(_pulse.TakeDue());
            _pulse.Beat();
        }
    }

    [Fact]
    public void Dispose_Armed_NoTimerIsLeft()
    {
        _pulse.Dispose();

        Assert.Null(_time.UntilNextTimer);
    }
}
