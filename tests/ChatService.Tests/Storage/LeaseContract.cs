using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

/// <summary>
/// What every store must do that several incarnations share; a class for each such store inherits it.
/// </summary>
public abstract class LeaseContract : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private IChatStore _store = null!;

    /// <summary>A store that holds nothing.</summary>
    private protected abstract Task<IChatStore> OpenEmptyAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await OpenEmptyAsync();
        Assert.True(_store.IsShared);
        await Takeovers.EnterAsync(_store, Sample.Owner);
    }

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task Renew_AsLongAsItLives_True()
    {
        Assert.True(await RenewAsync(Sample.Owner, Hour));
        Assert.False(await RenewAsync("stranger", Hour));

        // Nobody has declared it dead.
        Assert.True(await RenewAsync(Sample.Owner, TimeSpan.Zero));
        Assert.True(await RenewAsync(Sample.Owner, Hour));

        await _store.LeaveAsync(Sample.Owner, CancellationToken.None).InTime();
        Assert.False(await RenewAsync(Sample.Owner, Hour));
    }

    [Fact]
    public async Task TakeOver_OwnerLives_Nothing()
    {
        var turn = await OpenedAsync();
        await Takeovers.EnterAsync(_store, "another");

        Assert.Empty(await TakeOverAsync("another", TimeSpan.Zero));

        Assert.Equal(WriteOutcome.Committed, await CommitAsync(Sample.Write(turn, 1, 1)));
    }

    [Fact]
    public async Task TakeOver_LeaseIsOver_TheOwnerIsDeadForGood()
    {
        var turn = await OpenedAsync();

        var taken = await Takeovers.OfAllAsync(_store, "another");

        Assert.Equal([turn.Stream with { Epoch = 2 }], taken.Select(each => each.Stream));
        Assert.False(await RenewAsync(Sample.Owner, Hour));
        Assert.Equal(WriteOutcome.Fenced, await CommitAsync(Sample.Write(turn, 1, 1)));
    }

    [Fact]
    public async Task TakeOver_TakerHasNotLivedForALease_NobodyIsDead()
    {
        _ = await OpenedAsync();
        Assert.True(await RenewAsync(Sample.Owner, TimeSpan.Zero));
        await Takeovers.EnterAsync(_store, "another");

        Assert.Empty(await TakeOverAsync("another", TimeSpan.FromMinutes(1)));
        Assert.True(await RenewAsync(Sample.Owner, Hour));
    }

    [Fact]
    public async Task TakeOver_TakerHasRenewedLate_NobodyIsDeadForAnotherLease()
    {
        _ = await OpenedAsync();
        Assert.NotEmpty(await Takeovers.OfAllAsync(_store, "another"));
        _ = await OpenedAsync("two");
        await Takeovers.EnterAsync(_store, Sample.Owner);
        Assert.True(await RenewAsync(Sample.Owner, TimeSpan.Zero));

        // The store was away for all, and this one is the first to come back.
        Assert.True(await RenewAsync("another", TimeSpan.Zero));
        Assert.Empty(await TakeOverAsync("another", TimeSpan.Zero));
        Assert.True(await RenewAsync("another", Hour));
        Assert.Empty(await TakeOverAsync("another", TimeSpan.FromSeconds(20)));

        Assert.True(await RenewAsync(Sample.Owner, Hour));
    }

    [Fact]
    public async Task TakeOver_TakerHasComeBesideOneThatIsWell_TheOwnerIsDead()
    {
        _ = await OpenedAsync();
        Assert.True(await RenewAsync(Sample.Owner, TimeSpan.Zero));
        await Takeovers.EnterAsync(_store, "well");
        while ((await TakeOverAsync("well", Takeovers.Lease)).Count == 0)
        {
            // It has lived for a lease only then.
        }

        await Takeovers.EnterAsync(_store, Sample.Owner);
        var turn = await OpenedAsync("two");
        Assert.True(await RenewAsync(Sample.Owner, TimeSpan.Zero));
        await Takeovers.EnterAsync(_store, "another");
        var taken = await TakeOverAsync("another", Takeovers.Lease);

        Assert.Equal([turn.Stream.StreamId], taken.Select(each => each.Stream.StreamId));
    }

    [Fact]
    public async Task TakeOver_TakerIsDeadItself_Nothing()
    {
        _ = await OpenedAsync();
        await _store.LeaveAsync(Sample.Owner, CancellationToken.None).InTime();

        Assert.Empty(await TakeOverAsync("stranger", TimeSpan.Zero));
    }

    [Fact]
    public async Task Leave_ItsTurns_AreTakenAtOnce()
    {
        var running = await OpenedAsync();
        var queued = Sample.Turn("session") with { MaxTurnsAhead = 9 };
        Assert.Equal(OpenOutcome.Queued, (await _store.OpenTurnAsync(queued, CancellationToken.None).InTime()).Outcome);
        await Takeovers.EnterAsync(_store, "another");

        await _store.LeaveAsync(Sample.Owner, CancellationToken.None).InTime();
        var taken = await TakeOverAsync("another", Hour);

        Assert.Equal(
            [(running.Stream.StreamId, StreamState.Running), (queued.Stream.StreamId, StreamState.Queued)],
            taken.Select(turn => (turn.Stream.StreamId, turn.Stream.State)));
    }

    [Fact]
    public async Task Release_TurnsThatWait_AreTakenAtOnceAndNoOthers()
    {
        var running = await OpenedAsync();
        _ = await CommitAsync(Sample.Write(running, 1, 1));
        var queued = Sample.Turn("session") with { MaxTurnsAhead = 9 };
        var kept = Sample.Turn("session") with { MaxTurnsAhead = 9 };
        foreach (var turn in new[] { queued, kept })
        {
            _ = await _store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        }

        var asking = await OpenedAsync("asking");
        _ = await CommitAsync(Sample.Write(asking, 1, 1) with { State = StreamState.Waiting });
        await Takeovers.EnterAsync(_store, "another");
        string[] left = [running.Stream.StreamId, queued.Stream.StreamId, asking.Stream.StreamId];

        await _store.ReleaseAsync("another", left, CancellationToken.None).InTime();
        Assert.Empty(await TakeOverAsync("another", Hour));
        await _store.ReleaseAsync(Sample.Owner, left, CancellationToken.None).InTime();
        var taken = await TakeOverAsync("another", Hour);

        Assert.Equal(
            [(StreamState.Queued, queued.Stream.StreamId), (StreamState.Waiting, asking.Stream.StreamId)],
            taken.Select(turn => (turn.Stream.State, turn.Stream.StreamId)).OrderBy(turn => turn.State));
        Assert.Equal(WriteOutcome.Committed, await CommitAsync(Sample.Write(running, 2, 2)));
        Assert.Equal(WriteOutcome.Fenced, await CommitAsync(Sample.Write(asking, 2, 2)));
    }

    [Fact]
    public async Task TakeOver_ByManyThatComeAndGo_NothingOfWhoHasJustCome()
    {
        const int Turns = 50, Takers = 4, Lives = 25;
        for (var i = 0; i < Turns; i++)
        {
            _ = await OpenedAsync($"session-{i}");
        }

        await _store.LeaveAsync(Sample.Owner, CancellationToken.None).InTime();
        await Task.WhenAll(Enumerable.Range(0, Takers).Select(LiveAgainAndAgainAsync));

        async Task LiveAgainAndAgainAsync(int taker)
        {
            for (var life = 0; life < Lives; life++)
            {
                var name = $"{taker}-{life}";
                await Takeovers.EnterAsync(_store, name);
                var taken = await TakeOverAsync(name, Hour);
                var own = await _store.ListOpenAsync(name, CancellationToken.None).InTime();
                Assert.Equal(
                    taken.Select(turn => (turn.Stream.StreamId, turn.Stream.Epoch)).Order(),
                    own.Select(turn => (turn.Stream.StreamId, turn.Stream.Epoch)).Order());
                await _store.LeaveAsync(name, CancellationToken.None).InTime();
            }
        }
    }

    [Fact]
    public async Task Commit_ClosingBeforeATurnOfAnother_ItWaitsForItsOwner()
    {
        var running = await OpenedAsync();
        var queued = Sample.Turn("session") with { MaxTurnsAhead = 9, Owner = "another" };
        _ = await _store.OpenTurnAsync(queued, CancellationToken.None).InTime();

        var closed = await _store.CommitAsync([Sample.Close(running, 1, 1)], CancellationToken.None).InTime();
        Assert.Null(closed.Single().PromotedStreamId);

        string[] waiting = [queued.Stream.StreamId];
        Assert.Empty(await _store.PromoteQueuedAsync(Sample.Owner, waiting, CancellationToken.None).InTime());
        Assert.Equal(
            StreamState.Running,
            (await _store.PromoteQueuedAsync("another", waiting, CancellationToken.None).InTime())[waiting[0]]);
    }

    [Theory]
    [InlineData(Sample.Owner)]
    [InlineData("another")]
    public async Task Commit_ClosingBeforeATurnThatIsToEnd_ItNeverRuns(string owner)
    {
        var running = await OpenedAsync();
        var queued = Sample.Turn("session") with { MaxTurnsAhead = 9, Owner = owner };
        _ = await _store.OpenTurnAsync(queued, CancellationToken.None).InTime();
        string[] waiting = [queued.Stream.StreamId];
        await WishAsync(WishKind.Cancel);

        var closed = await _store.CommitAsync([Sample.Close(running, 1, 1)], CancellationToken.None).InTime();
        Assert.Null(closed.Single().PromotedStreamId);
        for (var i = 0; i < 2; i++)
        {
            var states = await _store.PromoteQueuedAsync(owner, waiting, CancellationToken.None).InTime();
            Assert.Equal(StreamState.Queued, states[waiting[0]]);
            Assert.Equal([WishKind.Cancel], (await TakeWishesAsync(owner)).Select(wish => wish.Kind));
        }

        // The one behind it, of which somebody wants something else.
        var last = Sample.Turn("session") with { MaxTurnsAhead = 9, Owner = owner };
        _ = await _store.OpenTurnAsync(last, CancellationToken.None).InTime();
        waiting = [last.Stream.StreamId];
        await WishAsync(WishKind.Run);
        var ended = await _store.CommitAsync(
            [Sample.Close(queued, 1, 1, state: StreamState.Cancelled)], CancellationToken.None).InTime();
        Assert.Equal(last.Stream.StreamId, ended.Single().PromotedStreamId);

        Task WishAsync(WishKind kind) =>
            _store.WishAsync(new TurnWish(Sample.Tenant, waiting[0], kind), CancellationToken.None).InTime();
    }

    [Fact]
    public async Task Release_OfATurnThatACommitLetRunMeanwhile_WaitsForTheNextOwner()
    {
        var running = await OpenedAsync();
        var queued = Sample.Turn("session") with { MaxTurnsAhead = 9 };
        _ = await _store.OpenTurnAsync(queued, CancellationToken.None).InTime();
        _ = await _store.CommitAsync([Sample.Close(running, 1, 1)], CancellationToken.None).InTime();
        var begun = await OpenedAsync("begun");
        _ = await CommitAsync(Sample.Write(begun, 1, 1));
        var revision = (await MessageAsync()).Revision;
        await Takeovers.EnterAsync(_store, "another");

        await _store.ReleaseAsync(
            Sample.Owner, [queued.Stream.StreamId, begun.Stream.StreamId], CancellationToken.None).InTime();

        var message = await MessageAsync();
        Assert.Equal(StreamState.Queued, message.Message.Status);
        Assert.True(message.Revision > revision);
        Assert.Equal(
            [begun.Stream.StreamId],
            (await _store.ListOpenAsync(Sample.Owner, CancellationToken.None).InTime())
                .Select(own => own.Stream.StreamId));
        var taken = Assert.Single(await TakeOverAsync("another", Hour));
        Assert.Equal((queued.Stream.StreamId, StreamState.Queued), (taken.Stream.StreamId, taken.Stream.State));

        async Task<ListedMessage> MessageAsync()
        {
            var changes = await _store.ListChangesAsync(Sample.Tenant, "session", 0, CancellationToken.None).InTime();
            return changes!.Messages.Single(each => each.Message.MessageId == queued.Stream.MessageId);
        }
    }

    [Fact]
    public async Task Wish_OfTurnsThatAreOpen_TakenByTheirOwnerAndThoseToEndUntilTheyHave()
    {
        var turn = await OpenedAsync();
        var other = Sample.Turn("other") with { Owner = "another" };
        _ = await _store.OpenTurnAsync(other, CancellationToken.None).InTime();
        var ended = await OpenedAsync("ended");
        _ = await CommitAsync(Sample.Close(ended, 1, 1));
        TurnWish[] wishes =
        [
            new(Sample.Tenant, turn.Stream.StreamId, WishKind.Cancel),
            new(Sample.Tenant, other.Stream.StreamId, WishKind.Abandon),
            new(Sample.Tenant, ended.Stream.StreamId, WishKind.Cancel),
            new("foreign", turn.Stream.StreamId, WishKind.Cancel),
            new(Sample.Tenant, turn.Stream.StreamId, WishKind.TakeResult)
            {
                ToolResult = new ToolResult { Id = "call_1", Text = "猫" },
            },
        ];
        foreach (var wish in wishes)
        {
            await _store.WishAsync(wish, CancellationToken.None).InTime();
        }

        Assert.Equal([wishes[0], wishes[4]], await TakeWishesAsync(Sample.Owner));
        Assert.Equal([wishes[0]], await TakeWishesAsync(Sample.Owner));
        Assert.Equal([wishes[1]], await TakeWishesAsync("another"));

        _ = await CommitAsync(Sample.Close(turn, 1, 1));
        Assert.Empty(await TakeWishesAsync(Sample.Owner));
    }

    [Fact]
    public async Task Wish_OwnerDies_TheNextOneTakesIt()
    {
        var turn = await OpenedAsync();
        var wish = new TurnWish(Sample.Tenant, turn.Stream.StreamId, WishKind.Run);
        await _store.WishAsync(wish, CancellationToken.None).InTime();

        _ = await Takeovers.OfAllAsync(_store, "another");

        Assert.Equal([wish], await TakeWishesAsync("another"));
    }

    [Fact]
    public async Task DeleteSession_WithAWishThatCameTooLate_GoesWithIt()
    {
        var turn = await OpenedAsync();
        await _store.WishAsync(
            new TurnWish(Sample.Tenant, turn.Stream.StreamId, WishKind.Cancel), CancellationToken.None).InTime();
        _ = await CommitAsync(Sample.Close(turn, 1, 1));

        var deleted = await _store.DeleteSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();

        Assert.Equal(DeleteOutcome.Deleted, deleted.Outcome);
        Assert.Empty(await TakeWishesAsync(Sample.Owner));
    }

    private Task<IReadOnlyList<TurnWish>> TakeWishesAsync(string incarnation) =>
        _store.TakeWishesAsync(incarnation, CancellationToken.None).InTime();

    private Task<bool> RenewAsync(string incarnation, TimeSpan lease) =>
        _store.RenewAsync(incarnation, lease, CancellationToken.None).InTime();

    private Task<IReadOnlyList<StoredTurn>> TakeOverAsync(string incarnation, TimeSpan lease) =>
        _store.TakeOverAsync(incarnation, lease, CancellationToken.None).InTime();

    private async Task<WriteOutcome> CommitAsync(TurnWrite write) =>
        (await _store.CommitAsync([write], CancellationToken.None).InTime()).Single().Outcome;

    private async Task<NewTurn> OpenedAsync(string session = "session")
    {
        var turn = Sample.Turn(session);
        Assert.Equal(OpenOutcome.Opened, (await _store.OpenTurnAsync(turn, CancellationToken.None).InTime()).Outcome);
        return turn;
    }
}
