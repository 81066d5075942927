using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

public abstract partial class ChatStoreContract
{
    [Fact]
    public async Task Commit_NextEvents_AreReadBackAndCounted()
    {
        var turn = await OpenedAsync();

        Assert.Equal([WriteOutcome.Committed], await CommitAsync(Sample.Write(turn, 1, 3)));
        Assert.Equal([WriteOutcome.Committed], await CommitAsync(Sample.Write(turn, 4, 4)));

        Assert.Equal(Sample.Tokens(1, 4), await EventsAsync(turn));
        Assert.Equal(turn.Stream with { LastSequence = 4 }, await FindAsync(turn));
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(5, 6)]
    [InlineData(1, 4)]
    [InlineData(0, 3)]
    public async Task Commit_NotRightBehindTheLog_FencedAndNothingWritten(long first, long last)
    {
        var turn = await OpenedAsync();
        _ = await CommitAsync(Sample.Write(turn, 1, 3));
        var before = await CountAsync();

        var outcomes = await CommitAsync(Sample.Close(turn, first, last));

        Assert.Equal([WriteOutcome.Fenced], outcomes);
        Assert.Equal(before, await CountAsync());
        Assert.Equal(turn.Stream with { LastSequence = 3 }, await FindAsync(turn));
        Assert.Equal(Sample.Tokens(1, 3), await EventsAsync(turn));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Commit_AnotherEpoch_FencedAndNothingWritten(long epoch)
    {
        var turn = await OpenedAsync();

        var outcomes = await CommitAsync(Sample.Close(turn, 1, 1) with { Epoch = epoch });

        Assert.Equal([WriteOutcome.Fenced], outcomes);
        Assert.Empty(await EventsAsync(turn));
        Assert.Equal(turn.Stream, await FindAsync(turn));
    }

    [Fact]
    public async Task Commit_UnknownStream_Fenced()
    {
        Assert.Equal([WriteOutcome.Fenced], await CommitAsync(Sample.Close(Sample.Turn("session"), 1, 1)));
        Assert.Equal(new RowCounts(0, 0, 0, 0), await CountAsync());
    }

    [Fact]
    public async Task Commit_EndedStream_Fenced()
    {
        var turn = await AnsweredAsync();

        var outcomes = await CommitAsync(Sample.Close(turn, 2, 2, "Another", StreamState.Failed));

        Assert.Equal([WriteOutcome.Fenced], outcomes);
        Assert.Equal(StreamState.Completed, (await GetAsync(turn)).State);
        Assert.Equal(["Hello", "An answer"], Texts(await BranchAsync(turn.Stream.MessageId)));
    }

    [Fact]
    public async Task Commit_SeveralWritesOneFenced_OthersTakeEffect()
    {
        var (one, two, three) = (await OpenedAsync("1"), await OpenedAsync("2"), await OpenedAsync("3"));

        var outcomes = await CommitAsync(
            Sample.Write(one, 1, 2), Sample.Close(two, 2, 3), Sample.Close(three, 1, 1));

        Assert.Equal([WriteOutcome.Committed, WriteOutcome.Fenced, WriteOutcome.Committed], outcomes);
        Assert.Equal(
            [(2, StreamState.Running), (0, StreamState.Running), (1, StreamState.Completed)],
            new[] { await GetAsync(one), await GetAsync(two), await GetAsync(three) }
                .Select(stream => ((int)stream.LastSequence, stream.State)));
    }

    [Fact]
    public async Task Commit_SameWriteTwiceInOneBatch_SecondIsFenced()
    {
        var turn = await OpenedAsync();

        var outcomes = await CommitAsync(Sample.Write(turn, 1, 2), Sample.Write(turn, 1, 2), Sample.Write(turn, 3, 3));

        Assert.Equal([WriteOutcome.Committed, WriteOutcome.Fenced, WriteOutcome.Committed], outcomes);
        Assert.Equal(Sample.Tokens(1, 3), await EventsAsync(turn));
    }

    [Theory]
    [InlineData(StreamState.Completed)]
    [InlineData(StreamState.Cancelled)]
    [InlineData(StreamState.Failed)]
    [InlineData(StreamState.Interrupted)]
    public async Task Commit_Closing_WritesMessageAndStateAndFreesTheSession(StreamState state)
    {
        var turn = await OpenedAsync();
        _ = await CommitAsync(Sample.Write(turn, 1, 2));

        var outcomes = await CommitAsync(Sample.Close(turn, 3, 5, "Good-bye", state));

        Assert.Equal([WriteOutcome.Committed], outcomes);
        Assert.Equal(turn.Stream with { State = state, LastSequence = 5 }, await FindAsync(turn));
        var answer = (await BranchAsync(turn.Stream.MessageId))[^1];
        Assert.Equal(state, answer.Status);
        Assert.Equal(["Good-bye"], Texts([answer]));
        Assert.Equal(Sample.Tokens(1, 5), await EventsAsync(turn));
        Assert.Empty(await RunningAsync());
        _ = await OpenedAsync();
    }

    [Fact]
    public async Task Commit_Closing_TouchesNoOtherMessage()
    {
        var before = await AnsweredAsync(text: "Before", answer: "First");
        var other = await OpenedAsync("other");
        _ = await AnsweredAsync(text: "After", answer: "Second");

        Assert.Equal(["Before", "First"], Texts(await BranchAsync(before.Stream.MessageId)));
        Assert.Equal(["Hello", ""], Texts(await BranchAsync(other.Stream.MessageId, session: "other")));
        Assert.Equal(StreamState.Running, (await GetAsync(other)).State);
    }

    [Fact]
    public async Task Commit_NewEpoch_FencesTheOldOwner()
    {
        var turn = await OpenedAsync();
        _ = await CommitAsync(Sample.Write(turn, 1, 2));

        var taken = await CommitAsync(Sample.Write(turn, 3, 3) with { NewEpoch = 2 });
        var old = await CommitAsync(Sample.Write(turn, 4, 4));
        var owner = await CommitAsync(Sample.Close(turn, 4, 4) with { Epoch = 2, NewEpoch = 2 });

        Assert.Equal(
            [WriteOutcome.Committed, WriteOutcome.Fenced, WriteOutcome.Committed], [taken[0], old[0], owner[0]]);
        Assert.Equal(
            turn.Stream with { Epoch = 2, LastSequence = 4, State = StreamState.Completed }, await FindAsync(turn));
    }

    [Fact]
    public async Task Commit_EmptyAnswerAndNoWrites_AreFine()
    {
        var turn = await OpenedAsync();

        Assert.Empty(await CommitAsync());
        var closing = Sample.Closing() with { Parts = [], Reasoning = "" };
        Assert.Equal([WriteOutcome.Committed], await CommitAsync(Sample.Write(turn, 1, 1) with { Closing = closing }));

        Assert.Empty((await BranchAsync(turn.Stream.MessageId))[^1].Parts);
    }

    [Fact]
    public async Task Commit_LargeBodies_ByteForByte()
    {
        var turn = await OpenedAsync();
        var large = string.Concat(Enumerable.Repeat("😀 long ", 300_000));
        StreamChatResponse[] events = [Sample.Token(1, large), Sample.Token(2, ""), Sample.Token(3, large)];

        _ = await CommitAsync(new TurnWrite(turn.Stream.StreamId, 1, events, Sample.Closing(large)));

        Assert.Equal(events, await EventsAsync(turn));
        Assert.Equal(["Hello", large], Texts(await BranchAsync(turn.Stream.MessageId)));
    }

    [Fact]
    public async Task Commit_TwoHundredStreamsInParallel_EachWholeAndDense()
    {
        var turns = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => OpenedAsync($"session-{i}"))).InTime();

        await Task.WhenAll(turns.Select(turn => Task.Run(async () =>
        {
            for (var first = 1; first < 10; first += 3)
            {
                Assert.Equal([WriteOutcome.Committed], await CommitAsync(Sample.Write(turn, first, first + 2)));
            }

            Assert.Equal([WriteOutcome.Committed], await CommitAsync(Sample.Close(turn, 10, 10)));
        }))).InTime();

        foreach (var turn in turns)
        {
            Assert.Equal(Sample.Tokens(1, 10), await EventsAsync(turn));
        }

        Assert.Empty(await RunningAsync());
        Assert.Equal(new RowCounts(200, 400, 200, 800), await CountAsync());
    }

    [Fact]
    public async Task Commit_TwoWritersOfOneStream_OneWinsEachPlace()
    {
        var turn = await OpenedAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => Task.Run(() => CommitAsync(Sample.Write(turn, 1, 2))))).InTime();

        Assert.Single(outcomes, outcome => outcome[0] == WriteOutcome.Committed);
        Assert.Equal(Sample.Tokens(1, 2), await EventsAsync(turn));
    }
}
