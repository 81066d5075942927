using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Watching;
using ChatGrpc.Turns;

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
        var asked = (int)_scene.Options.ClosingCommit.TotalSeconds;
        for (var i = 0; i < asked; i++)
        {
            await _scene.PassTimeUntilAsync(_wishes.WaitAsync());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_EndsHereAndElsewhere_ThoseElsewhereHearOfItFirst(bool interrupts)
    {
        var here = await _scene.StartAsync("/demo tokens=99 rate=1");
        await _turn.QueueAsync();
        _scene.Store.BeforeFindStream = () => here.Completion;
        var causes = new List<StopCause>();
        _scene.Store.Wished = wish =>
        {
            causes.Add(here.Stop.Cause);
            _ = _wishes.Release();
        };

        Task ending = interrupts
            ? _scene.StartAsync(new StreamChatRequest
            {
                Message = "/demo tokens=1 rate=max",
                SessionId = "session",
                OnBusy = OnBusy.Interrupt,
            })
            : _scene.Cancelling.CancelSessionAsync(TurnScene.Tenant, "session", CancellationToken.None);
        await here.Completion.InTime();
        await _turn.EndAsync(1, state: StreamState.Cancelled);
        await _scene.PassTimeUntilAsync(ending);

        // The one that waits there, and the one here, which may not begin either.
        Assert.Equal([StopCause.None, StopCause.None], causes.Take(2));
        Assert.Equal(StreamState.Cancelled, (await _scene.StoredAsync(here)).State);
    }

    [Fact]
    public async Task Result_TurnHasOtherToolsToWaitFor_IsTakenHoweverLongTheyNeed()
    {
        await _turn.OpenAsync();
        await _turn.CallAsync(1, "call_1");
        var result = new ToolResult { Id = "call_1", Text = "a cat" };
        var giving = GiveAsync(result);
        await _scene.PassTimeAsync(2 * (int)_scene.Options.ClosingCommit.TotalSeconds);
        Assert.False(giving.IsCompleted);

        await _turn.TakeAsync(2, result);
        await _scene.PassTimeUntilAsync(giving);

        Assert.Null((await giving).Failure);
    }

    [Fact]
    public async Task Result_IsTheLastOneAndTakenBetweenTheLooks_TheTurnRuns()
    {
        await _turn.OpenAsync();
        await _turn.CallAsync(1, "call_1", StreamState.Waiting);
        var result = new ToolResult { Id = "call_1", Text = "a cat" };
        _scene.Store.AfterFindStream = () =>
        {
            _scene.Store.AfterFindStream = () => Task.CompletedTask;
            return _turn.TakeAsync(2, result);
        };

        var taken = await GiveAsync(result).InTime();

        Assert.Equal((StreamState.Running, null), (taken.State, taken.Failure));
    }

    [Fact]
    public async Task Result_BesideLargeOnesOfTheServicesOwnTools_IsNotTooLarge()
    {
        await _turn.OpenAsync();
        await _turn.CallAsync(1, "call_1");
        await _turn.TakeAsync(2, new ToolResult { Id = "own", Text = new string('x', 2_000_000) });
        var result = new ToolResult { Id = "call_1", Text = new string('y', 99_999) };

        var giving = GiveAsync(result);
        await _scene.PassTimeUntilAsync(_wishes.WaitAsync());
        await _turn.TakeAsync(3, result);
        await _scene.PassTimeUntilAsync(giving);

        Assert.Null((await giving).Failure);
    }

    private Task<TakenResult> GiveAsync(ToolResult result) =>
        _scene.Results.TakeAsync(TurnScene.Tenant, _turn.Stream.StreamId, result, CancellationToken.None);
}
