using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class SessionSignalsTests
{
    private readonly SessionSignals _signals = new();
    private readonly AsyncSignal _wake = new();

    [Fact]
    public async Task Changed_WatchedSession_WakesUntilDisposed()
    {
        using var first = _signals.Subscribe("tenant", "session", _wake);
        using var second = _signals.Subscribe("tenant", "session", new AsyncSignal());

        _signals.Changed("tenant", "session");

        await _wake.WaitAsync().InTime();
        Assert.True(first.IsChanged && second.IsChanged);
        first.TakeChanged();
        Assert.False(first.IsChanged);

        first.Dispose();
        _signals.Changed("tenant", "session");
        Assert.False(first.IsChanged || _wake.WaitAsync().AsTask().IsCompleted);
        Assert.True(second.IsChanged && _signals.IsWatched("tenant", "session"));
    }

    [Theory]
    [InlineData("tenant", "another")]
    [InlineData("another", "session")]
    public void Changed_AnotherSession_IsNotHeard(string tenant, string session)
    {
        using var watching = _signals.Subscribe("tenant", "session", _wake);

        _signals.Changed(tenant, session);

        Assert.False(watching.IsChanged || _wake.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public async Task End_WakesEverybodyAndIsOver()
    {
        using var watching = _signals.Subscribe("tenant", "session", _wake);
        Assert.False(_signals.IsOver);

        _signals.End();

        await _wake.WaitAsync().InTime();
        Assert.True(_signals.IsOver);
        Assert.False(watching.IsChanged);
    }

    [Fact]
    public async Task Subscribe_ManyAtOnce_NoneIsForgottenAndNoneIsLeft()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            for (var round = 0; round < 500; round++)
            {
                using var watching = _signals.Subscribe("tenant", $"session-{i % 2}", new AsyncSignal());
                _signals.Changed("tenant", $"session-{i % 2}");
                Assert.True(watching.IsChanged);
            }
        }))).InTime();

        Assert.False(_signals.IsWatched("tenant", "session-0") || _signals.IsWatched("tenant", "session-1"));
    }
}
