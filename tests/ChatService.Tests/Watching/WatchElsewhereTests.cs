using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Turns;

namespace ChatGrpc.Tests.Watching;

/// <summary>Watching turns that run in other processes: the tests' own commits.</summary>
public sealed class WatchElsewhereTests : IAsyncDisposable
{
    private readonly TurnScene _scene = new();
    private readonly ForeignTurn _turn;
    private readonly Watch _watch;

    public WatchElsewhereTests()
    {
        _scene.Store.IsShared = true;
        _turn = new ForeignTurn(_scene);
        _watch = new Watch(_scene);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Watch_TurnOfAnother_FromTheBeginningToTheEnd()
    {
        Assert.True(_watch.IsQuiet());
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 3);
        await SeesAsync(IsEvent(3));
        await _turn.EndAsync(4);
        await SeesAsync(IsIdle);

        Assert.Equal(
            "Session User:COMPLETED Assistant:RUNNING SessionInfo:1@0 1 2 3 4 Assistant:COMPLETED Session", Shape);
    }

    [Fact]
    public async Task Turn_EndsBetweenTheLooks_IsToldWhole()
    {
        await _turn.OpenAsync();
        _scene.Store.BeforeFindStream = () => OnceAsync(() => _turn.EndAsync(1));

        await SeesAsync(IsIdle);

        Assert.Equal(
            "Session User:COMPLETED Assistant:RUNNING SessionInfo:1@0 1 Assistant:COMPLETED Session", Shape);
    }

    [Fact]
    public async Task Turn_EndsAndIsDeletedBetweenTheLooks_DeletedAfterWhatWasSeen()
    {
        await _turn.OpenAsync();
        _scene.Store.BeforeFindStream = () => OnceAsync(async () =>
        {
            await _turn.EndAsync(1);
            await _turn.DeleteAsync();
        });

        await SeesAsync(told => told.Deleted is not null);

        Assert.Equal("Session User:COMPLETED Assistant:RUNNING Deleted", Shape);
    }

    [Fact]
    public async Task Turn_IsDeletedWhileItIsFollowed_Deleted()
    {
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 1);
        await SeesAsync(IsEvent(1));

        await _turn.EndAsync(2);
        await _turn.DeleteAsync();
        await SeesAsync(told => told.Deleted is not null);
    }

    [Fact]
    public async Task Turn_CannotBeFoundAtOnce_NothingIsLostOrToldTwice()
    {
        Assert.True(_watch.IsQuiet());
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 1);
        _scene.Store.BreakNextLook(new StoreException("The store is away.", new IOException("Cut.")));

        await SeesAsync(IsEvent(1));

        Assert.Equal("Session User:COMPLETED Assistant:RUNNING SessionInfo:1@0 1", Shape);
    }

    [Fact]
    public async Task Answer_SeenBeforeTheLastEvents_WaitsBehindThem()
    {
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 1);
        await SeesAsync(IsEvent(1));
        var idle = _watch.UntilAsync(IsIdle);

        // Its events are looked for by the clock, which stands still.
        await _turn.EndAsync(2);
        var reads = _scene.Store.ReadsOfChanges;
        _scene.Hints.TellWritten();
        await Task.Run(async () =>
        {
            while (_scene.Store.ReadsOfChanges == reads)
            {
                await Task.Yield();
            }
        }).InTime();
        await _scene.PassTimeUntilAsync(idle);

        Assert.EndsWith("SessionInfo:1@0 1 2 Assistant:COMPLETED Session", Shape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_ChangesTwiceBetweenLooks_GoesOnInTheLastEpoch()
    {
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 3);
        await SeesAsync(IsEvent(3));

        await _turn.WriteAsync(4, 4, taker: 2);
        await _turn.WriteAsync(5, 5, epoch: 2, taker: 3);
        await SeesAsync(IsEvent(5));
        await _turn.EndAsync(6, epoch: 3);
        await SeesAsync(IsIdle);

        Assert.EndsWith(
            "SessionInfo:1@0 1 2 3 SessionInfo:3@3 4 5 6 Assistant:COMPLETED Session", Shape,
            StringComparison.Ordinal);
        Assert.Equal(6, WatchedView.Of(_watch.Responses).EventsOf(_turn.Stream.StreamId).Count);
    }

    [Fact]
    public async Task Owner_ChangesAndAgainWhileItIsFoundAgain_GoesOnInTheLastEpoch()
    {
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 3);
        await SeesAsync(IsEvent(3));

        await _turn.WriteAsync(4, 4, taker: 2);
        _scene.Store.AfterFindStream = () => OnceAsync(() => _turn.WriteAsync(5, 5, epoch: 2, taker: 3));
        await SeesAsync(IsEvent(5));

        Assert.EndsWith("1 2 3 SessionInfo:2@3 4 SessionInfo:3@4 5", Shape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_LostAndEndedByAnother_TheEndIsTold()
    {
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 3);
        await SeesAsync(IsEvent(3));

        await _turn.EndAsync(4, taker: 2, state: StreamState.Interrupted);
        await SeesAsync(IsIdle);

        Assert.EndsWith(
            "1 2 3 SessionInfo:2@3 4 Assistant:INTERRUPTED Session", Shape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursor_OfEventsThatWereWithdrawn_SessionInfoSaysFromWhere()
    {
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 3);
        await SeesAsync(IsEvent(3));
        await _turn.WriteAsync(4, 4, taker: 2);

        await using var late = new Watch(_scene, cursor: _watch.Cursor);
        await _scene.PassTimeUntilAsync(late.UntilAsync(IsEvent(4)));

        Assert.Equal("Session SessionInfo:2@3 4", ForeignTurn.Told(late));
    }

    [Fact]
    public async Task Store_AwayForLongerThanItIsFollowed_GoesOnWhenItIsBack()
    {
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 1);
        await SeesAsync(IsEvent(1));

        // It is back when the turn is looked for once more, however far the clock has run by then.
        _scene.Store.BeforeFindStream = () => OnceAsync(() =>
        {
            _scene.Store.BeforeFindStream = () => OnceAsync(() =>
            {
                _scene.Store.Down = false;
                return _turn.WriteAsync(2, 2);
            });
            return Task.CompletedTask;
        });
        _scene.Store.Down = true;
        await SeesAsync(IsEvent(2));

        Assert.EndsWith("1 SessionInfo:1@1 2", Shape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_Ended_ItsTurnIsFollowedNoMore()
    {
        await _turn.OpenAsync();
        await _turn.WriteAsync(1, 1);
        await using (var watch = new Watch(_scene))
        {
            await _scene.PassTimeUntilAsync(watch.UntilAsync(IsEvent(1)));
            var first = _scene.Follower.Follow(_turn.Stream);
            Assert.True(first.HasReaders);

            await _turn.WriteAsync(2, 2, taker: 2);
            await _scene.PassTimeUntilAsync(watch.UntilAsync(IsEvent(2)));
            Assert.False(first.HasReaders);
            Assert.True(_scene.Follower.Follow(_turn.Stream with { Epoch = 2 }).HasReaders);
        }

        Assert.False(_scene.Follower.Follow(_turn.Stream with { Epoch = 2 }).HasReaders);
    }

    private string Shape => ForeignTurn.Told(_watch);

    private static Func<WatchSessionResponse, bool> IsEvent(long sequence) =>
        told => told.TurnEvent?.Event.Sequence == sequence;

    private static bool IsIdle(WatchSessionResponse told) => told.Session is { RunningStreamId: "" };

    private Task SeesAsync(Func<WatchSessionResponse, bool> wanted) =>
        _scene.PassTimeUntilAsync(_watch.UntilAsync(wanted));

    private Task OnceAsync(Func<Task> act)
    {
        _scene.Store.BeforeFindStream = _scene.Store.AfterFindStream = () => Task.CompletedTask;
        return act();
    }
}
