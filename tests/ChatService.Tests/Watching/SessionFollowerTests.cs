using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Turns;
using ChatGrpc.Watching;

namespace ChatGrpc.Tests.Watching;

/// <summary>Sessions that others change: the tests, in the store and without a word.</summary>
public sealed class SessionFollowerTests : IAsyncDisposable
{
    private readonly TurnScene _scene = new();
    private readonly SessionSubscription _watcher;

    public SessionFollowerTests()
    {
        _scene.Store.IsShared = true;
        _watcher = _scene.Signals.Subscribe(TurnScene.Tenant, "session", new AsyncSignal());
    }

    public async ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Begin_StoreOfOneProcess_IsNotAsked()
    {
        _scene.Store.IsShared = false;
        _scene.Changes.Begin();

        await PassLongTimeAsync();

        Assert.Equal(0, _scene.Store.LooksAtSessions);
    }

    [Fact]
    public async Task Look_NothingNew_LessAndLessOften()
    {
        _watcher.Seen = await AnsweredAsync();
        _scene.Changes.Begin();
        _scene.Changes.Begin();

        var pauses = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            pauses.Add((await LookAsync()).TotalMilliseconds);
        }

        Assert.Equal([50, 100, 200, 250, 250], pauses);
        Assert.False(_watcher.IsChanged);
    }

    [Fact]
    public async Task Look_Changed_ToldOnceAndLookedAgainSoon()
    {
        _watcher.Seen = await AnsweredAsync();
        _scene.Changes.Begin();
        await LookAsync();
        await LookAsync();

        _ = await RenamedAsync("Another title");
        await LookAsync();

        Assert.True(_watcher.IsChanged);
        _watcher.TakeChanged();
        Assert.Equal(TimeSpan.FromMilliseconds(50), await LookAsync());

        // It has not read it yet, and knows that it should.
        Assert.False(_watcher.IsChanged);
    }

    [Fact]
    public async Task Look_NotReadYet_IsTold()
    {
        _ = await AnsweredAsync();
        _scene.Changes.Begin();

        await LookAsync();

        Assert.True(_watcher.IsChanged);
    }

    [Fact]
    public async Task Look_ReadByOneAlready_OnlyTheOtherIsTold()
    {
        using var other = _scene.Signals.Subscribe(TurnScene.Tenant, "session", new AsyncSignal());
        _watcher.Seen = other.Seen = await AnsweredAsync();
        _scene.Changes.Begin();
        await LookAsync();

        _watcher.Seen = await RenamedAsync("Another title");
        await LookAsync();

        Assert.Equal((false, true), (_watcher.IsChanged, other.IsChanged));
    }

    [Fact]
    public async Task Look_GoneAndMadeAnew_BothAreTold()
    {
        _watcher.Seen = await AnsweredAsync();
        _scene.Changes.Begin();
        await LookAsync();

        _ = await _scene.Store.DeleteSessionAsync(TurnScene.Tenant, "session", CancellationToken.None).InTime();
        await LookAsync();
        Assert.True(_watcher.IsChanged);

        _watcher.TakeChanged();
        _watcher.Seen = SessionVersion.None;
        _ = await AnsweredAsync();
        await LookAsync();
        Assert.True(_watcher.IsChanged);
    }

    [Fact]
    public async Task Look_AnotherOfTheSameRevision_IsTold()
    {
        _watcher.Seen = await AnsweredAsync() with { CreatedAt = Sample.Noon.AddSeconds(-1) };
        _scene.Changes.Begin();

        await LookAsync();

        Assert.True(_watcher.IsChanged);
    }

    [Fact]
    public async Task Look_Hint_AtOnce()
    {
        _watcher.Seen = await AnsweredAsync();
        _scene.Changes.Begin();
        await LookAsync();
        _ = await UntilArmedAsync();

        _ = await RenamedAsync("Another title");
        _scene.Hints.TellWritten();

        await UntilAsync(() => _watcher.IsChanged);
    }

    [Fact]
    public async Task Look_StoreAway_GoesOnWithTheLongestPause()
    {
        _watcher.Seen = await AnsweredAsync();
        _scene.Changes.Begin();
        await LookAsync();

        _scene.Store.Down = true;
        await LookAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(250), await LookAsync());
        Assert.False(_watcher.IsChanged);

        _scene.Store.Down = false;
        _ = await RenamedAsync("Another title");
        Assert.Equal(TimeSpan.FromMilliseconds(250), await LookAsync());
        Assert.True(_watcher.IsChanged);
    }

    [Fact]
    public async Task Look_NobodyWatchesAnyMore_NotBeforeSomebodyDoes()
    {
        _scene.Changes.Begin();
        await LookAsync();

        _watcher.Dispose();
        await PassLongTimeAsync();
        Assert.Equal(1, _scene.Store.LooksAtSessions);

        using var another = _scene.Signals.Subscribe(TurnScene.Tenant, "session", new AsyncSignal());
        _scene.Changes.Begin();
        await LookAsync();
    }

    [Fact]
    public async Task Look_ServiceStops_NoMore()
    {
        _scene.Changes.Begin();
        await LookAsync();

        _scene.Signals.End();
        await PassLongTimeAsync();

        Assert.Equal(1, _scene.Store.LooksAtSessions);
    }

    private async Task<SessionVersion> AnsweredAsync()
    {
        var turn = Sample.Turn("session", TurnScene.Tenant);
        _ = await _scene.Store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        _ = await _scene.Store.CommitAsync([Sample.Close(turn, 1, 1)], CancellationToken.None).InTime();
        return (await _scene.Store.FindSessionAsync(TurnScene.Tenant, "session", CancellationToken.None).InTime())!
            .Version;
    }

    private async Task<SessionVersion> RenamedAsync(string title) =>
        (await _scene.Store.RenameSessionAsync(
            TurnScene.Tenant, "session", title, Sample.Noon, CancellationToken.None).InTime())!.Version;

    /// <summary>Lets the clock run to the next look, and that be done; how long it took until then.</summary>
    private async Task<TimeSpan> LookAsync()
    {
        var pause = await UntilArmedAsync();
        var looks = _scene.Store.LooksAtSessions;
        Assert.True(_scene.Clock.AdvanceToNextTimer());
        await UntilAsync(() => _scene.Store.LooksAtSessions > looks);
        _ = await UntilArmedAsync();
        return pause;
    }

    // Enough for whoever has something to do: some tenths of a second.
    private Task PassLongTimeAsync() => Task.Run(() => _scene.PassTimeAsync(seconds: 50_000));

    private async Task<TimeSpan> UntilArmedAsync()
    {
        await UntilAsync(() => _scene.Clock.UntilNextTimer is not null);
        return _scene.Clock.UntilNextTimer!.Value;
    }

    private static Task UntilAsync(Func<bool> isSo) => Task.Run(async () =>
    {
        while (!isSo())
        {
            await Task.Yield();
        }
    }).InTime();
}
