using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Watching;

namespace ChatGrpc.Tests.Turns;

/// <summary>What is wanted of a turn that another process runs: the tests' own commits.</summary>
public sealed class TurnsElsewhereTests : IAsyncDisposable
{
    private readonly TurnScene _scene = new();
    private readonly ForeignTurn _turn;
    private readonly SemaphoreSlim _wishes = new(0);
    private TurnWish? _wish;

    public TurnsElsewhereTests()
    {
        _scene.Store.IsShared = true;
        _scene.Store.Wished = wish =>
        {
            _wish = wish;
            _ = _wishes.Release();
        };
        _turn = new ForeignTurn(_scene);
    }

    public async ValueTask DisposeAsync()
    {
        _wishes.Dispose();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Abandon_StoreIsAwayAndComesBack_TheOwnerIsToldThen()
    {
        await _turn.OpenAsync();
        _scene.Store.Down = true;

        _scene.Cancelling.Abandon(TurnScene.Tenant, _turn.Stream.StreamId);
        await _scene.PassTimeAsync(5);
        Assert.Null(_wish);
        _scene.Store.Down = false;
        await _scene.PassTimeUntilAsync(_wishes.WaitAsync());

        Assert.Equal(new TurnWish(TurnScene.Tenant, _turn.Stream.StreamId, WishKind.Abandon), _wish);
    }

    [Fact]
    public async Task Abandon_OwnerDoesNotHear_IsToldAgainAndAgain()
    {
        await _turn.OpenAsync();
        _scene.Cancelling.Abandon(TurnScene.Tenant, _turn.Stream.StreamId);

        // An owner that is asked for longer than a commit may take does not answer; it is asked all the same.
        var asked = (int)_scene.Options.ClosingCommit.TotalSeconds + 3;
        for (var i = 0; i < asked; i++)
        {
            await _scene.PassTimeUntilAsync(_wishes.WaitAsync());
        }
    }
}
