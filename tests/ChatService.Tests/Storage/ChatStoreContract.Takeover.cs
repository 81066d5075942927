using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

/// <summary>Turns whose owner is dead.</summary>
public abstract partial class ChatStoreContract
{
    [Fact]
    public async Task TakeOver_OpenTurns_InTheirOrderWithWhatWasAskedForAndInANewEpochOnce()
    {
        var running = await OpenedAsync();
        var turn = Waiting() with { Request = new StreamChatRequest { Instructions = "Be brief.", Seed = 7 } };
        _ = await OpenAsync(turn);
        _ = await AnsweredAsync("another");

        var taken = await TakenAsync();

        StreamRecord[] expected =
            [running.Stream with { Epoch = 2 }, turn.Stream with { Epoch = 2, State = StreamState.Queued }];
        Assert.Equal(expected, taken.Select(each => each.Stream));
        Assert.Equal(turn.Request, taken[1].ReadRequest());
        Assert.Empty(await _store.TakeOverAsync("another", Takeovers.Lease, CancellationToken.None).InTime());
        var owned = await _store.ListOpenAsync("another", CancellationToken.None).InTime();
        Assert.Equal(expected, owned.Select(each => each.Stream));
        Assert.Equal(turn.Request, owned[1].ReadRequest());
        Assert.Empty(await RunningAsync());
    }

    [Fact]
    public async Task TakeOver_WaitingTurnOfADeadProcess_InANewEpochWithItsFence()
    {
        var turn = Sample.Turn("session") with { Request = new StreamChatRequest { Instructions = "Be brief." } };
        _ = await OpenAsync(turn);
        _ = await CommitAsync(Sample.Write(turn, 1, 3) with { State = StreamState.Waiting });
        _store = await ReopenAsync();

        var taken = Assert.Single(await TakenAsync());

        Assert.Equal(
            turn.Stream with { Epoch = 2, State = StreamState.Waiting, LastSequence = 3 }, taken.Stream);
        Assert.Equal(turn.Request, taken.ReadRequest());
        Assert.Equal(
            3, await _store.FindFenceAsync(
                Sample.Tenant, turn.Stream.StreamId, 1, CancellationToken.None).InTime());
        Assert.Equal([WriteOutcome.Fenced], await CommitAsync(Sample.Write(turn, 4, 4)));
        Assert.Equal(
            [WriteOutcome.Committed],
            await CommitAsync(new TurnWrite(turn.Stream.StreamId, Epoch: 2, Sample.Tokens(4, 4))));
    }

    private Task<IReadOnlyList<StoredTurn>> TakenAsync() => Takeovers.OfAllAsync(_store, "another");
}
