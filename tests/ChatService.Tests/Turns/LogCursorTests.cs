using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class LogCursorTests
{
    // Another owner ended the stream in the store; what this one had shown beyond that is withdrawn.
    [Fact]
    public async Task MoveNext_EndThatAnotherOwnerWrote_NothingComesAfterIt()
    {
        using var folder = new TemporaryFolder();
        await using var store = EmbeddedStore.Open(new StorageOptions { Path = folder.Path });
        var turn = Sample.Turn("session");
        _ = await store.OpenTurnAsync(turn, CancellationToken.None).InTime();
        var log = new TurnLog(turn.Stream.StreamId, epoch: 1, tailBytes: 1_000, () => { });
        for (var i = 0; i < 60; i++)
        {
            log.Append(Tokens.Answer("saved"));
        }

        var write = log.TakeUncommitted()!;
        _ = await store.CommitAsync([write], CancellationToken.None).InTime();
        log.Committed(write);
        log.Append(Tokens.Answer("withdrawn"));
        log.Append(Tokens.Answer("withdrawn"));
        var end = new StreamChatResponse { Sequence = 61, StreamEnd = new StreamEnd { LastSequence = 61 } };
        _ = await store.CommitAsync(
            [new TurnWrite(turn.Stream.StreamId, 1, [end], Sample.Closing()) { NewEpoch = 2 }],
            CancellationToken.None).InTime();

        var cursor = new LogCursor(Sample.Tenant, turn.Stream.StreamId, log, store, afterSequence: 0);
        for (var sequence = 1; sequence <= 61; sequence++)
        {
            Assert.Equal(LogPosition.Event, await cursor.MoveNextAsync(CancellationToken.None));
            Assert.Equal(sequence, cursor.Sequence);
        }

        Assert.Equal(end, cursor.Current);
        Assert.Equal(LogPosition.Ended, await cursor.MoveNextAsync(CancellationToken.None));
    }
}
