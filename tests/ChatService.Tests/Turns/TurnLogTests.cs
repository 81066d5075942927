using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class TurnLogTests
{
    private const int TailBytes = 2_000;

    private static readonly Failure Gone = TurnFailures.OwnerLost;

    private readonly TurnLog _log;
    private int _changes;

    public TurnLogTests() => _log = new TurnLog("stream", epoch: 3, TailBytes, () => _changes++);

    [Fact]
    public void Append_Event_IsNumberedAndShownAtOnce()
    {
        _log.Append(Tokens.Answer("one"));
        _log.Append(Tokens.Answer("two"));

        Assert.Equal(2, _log.LastSequence);
        Assert.Equal([(1, "one"), (2, "two")], ReadAll().Select(e => ((int)e.Sequence, e.Token.Text)));
        Assert.Equal(LogPosition.AtEnd, _log.Read(2, out var nothing));
        Assert.Null(nothing);
    }

    [Fact]
    public void Append_ReaderAdded_IsWokenUntilItIsRemoved()
    {
        var signal = new AsyncSignal();
        _log.AddReader(signal);
        _log.Append(Tokens.Answer("one"));
        Assert.True(signal.WaitAsync().AsTask().IsCompleted);

        _log.RemoveReader(signal);
        _log.Append(Tokens.Answer("two"));
        Assert.False(signal.WaitAsync().AsTask().IsCompleted);
    }

    [Fact]
    public void Append_BeforeItIsTaken_AnnouncedOnce()
    {
        _log.Append(Tokens.Answer("one"));
        _log.Append(Tokens.Answer("two"));
        Assert.Equal(1, _changes);

        _ = _log.TakeUncommitted();
        _log.Append(Tokens.Answer("three"));
        Assert.Equal(2, _changes);
    }

    [Fact]
    public void Append_StepsAndState_AreInTheNextWriteAndNoFurther()
    {
        _log.Append(Tokens.Answer("one"), [Step(1)], StreamState.Waiting);
        Assert.True(_log.IsUrgent);
        var first = _log.TakeUncommitted()!;
        _log.Append(Tokens.Answer("two"), [Step(2)], StreamState.Running);

        Assert.Equal([1], first.Steps.Select(step => step.Number));
        Assert.Equal(StreamState.Waiting, first.State);
        _log.Committed(first);
        var second = _log.TakeUncommitted()!;
        Assert.Equal([2], second.Steps.Select(step => step.Number));
        Assert.Equal(StreamState.Running, second.State);
        _log.Committed(second);
        _log.Append(Tokens.Answer("three"));
        var third = _log.TakeUncommitted()!;
        Assert.Empty(third.Steps);
        Assert.Null(third.State);
    }

    [Fact]
    public void TakeUncommitted_WriteThatFailed_HasItsStepsAgain()
    {
        _log.Append(Tokens.Answer("one"), [Step(1)], StreamState.Waiting);
        _ = _log.TakeUncommitted();
        _log.Append(Tokens.Answer("two"), [Step(2)], state: null);

        var again = _log.TakeUncommitted()!;

        Assert.Equal([1, 2], again.Steps.Select(step => step.Number));
        Assert.Equal(StreamState.Waiting, again.State);
    }

    [Fact]
    public async Task Saved_Sequence_WithItsCommitOrWhenItNeverComes()
    {
        _log.Append(Tokens.Answer("one"));
        var first = _log.SavedAsync(1);
        var write = _log.TakeUncommitted()!;
        _log.Append(Tokens.Answer("two"));
        var second = _log.SavedAsync(2);
        Assert.False(first.IsCompleted);

        _log.Committed(write);
        await first.InTime();
        Assert.False(second.IsCompleted);
        Assert.True(_log.SavedAsync(1).IsCompleted);

        _log.GiveUp(Gone);
        await second.InTime();
        Assert.Equal((true, false), (_log.IsSaved(1), _log.IsSaved(2)));
    }

    [Fact]
    public void Log_OfAnEarlierProcess_GoesOnBehindItsEvents()
    {
        var log = new TurnLog("stream", epoch: 4, TailBytes, () => { }, afterSequence: 7);
        Assert.Equal(LogPosition.BeforeTail, log.Read(3, out _));
        Assert.Equal(LogPosition.AtEnd, log.Read(7, out _));

        log.Append(Tokens.Answer("eight"));

        Assert.Equal(LogPosition.Event, log.Read(7, out var found));
        Assert.Equal(8, found!.Sequence);
        Assert.Equal((8, 8), (log.TakeUncommitted()!.FirstSequence, log.ShownSequence));
    }

    private static TurnStep Step(int number) => new(number, StepKind.Tools, StreamState.Completed, []);

    [Fact]
    public void IsUrgent_HalfOfTheBoundWaitsOrTheEndDoes_OnlyThen()
    {
        _log.Append(Tokens.Answer("one"));
        Assert.False(_log.IsUrgent);

        _log.Append(Tokens.Answer(new string('x', TailBytes / 2)));
        Assert.True(_log.IsUrgent);

        _log.Committed(_log.TakeUncommitted()!);
        Assert.False(_log.IsUrgent);

        _log.Close(Sample.Closing(), [Tokens.Done(), Tokens.End()], shownAtOnce: 1);
        Assert.True(_log.IsUrgent);
    }

    [Fact]
    public void TakeUncommitted_Events_AreAWriteOfThisEpoch()
    {
        Assert.Null(_log.TakeUncommitted());
        _log.Append(Tokens.Answer("one"));
        _log.Append(Tokens.Answer("two"));

        var write = Take();

        Assert.Equal(("stream", 3, 3), (write.StreamId, write.Epoch, write.NewEpoch));
        Assert.Equal((1, 2), (write.FirstSequence, write.LastSequence));
        Assert.Null(write.Closing);
    }

    [Fact]
    public void TakeUncommitted_NotCommitted_TakenAgainWithWhatCame()
    {
        _log.Append(Tokens.Answer("one"));
        _ = Take();
        _log.Append(Tokens.Answer("two"));

        Assert.Equal((1, 2), (Take().FirstSequence, Take().LastSequence));
    }

    [Fact]
    public void Committed_OlderWrite_WhatCameSinceIsStillToTake()
    {
        _log.Append(Tokens.Answer("one"));
        var first = Take();
        _log.Append(Tokens.Answer("two"));
        _log.Committed(first);

        Assert.Equal(2, Assert.Single(Take().Events).Sequence);
    }

    [Fact]
    public void Close_BeforeTheCommit_OnlyTheFirstEventsAreShown()
    {
        _log.Append(Tokens.Answer("text"));
        _log.Close(Sample.Closing(), [Tokens.Done(), Tokens.Saved(), Tokens.End()], shownAtOnce: 1);

        Assert.Equal([1, 2], ReadAll().Select(e => (int)e.Sequence));
        Assert.Equal(LogPosition.AtEnd, _log.Read(2, out _));
        Assert.False(_log.Closed.IsCompleted);
    }

    [Fact]
    public void Close_EarlierEventsCommitted_TheHiddenStayHidden()
    {
        _log.Append(Tokens.Answer("text"));
        var first = Take();
        _log.Close(Sample.Closing(), [Tokens.Done(), Tokens.Saved(), Tokens.End()], shownAtOnce: 1);
        _log.Committed(first);

        Assert.Equal(LogPosition.AtEnd, _log.Read(2, out _));
        Assert.Equal([2, 3, 4], Take().Events.Select(e => (int)e.Sequence));
        Assert.NotNull(Take().Closing);
    }

    [Fact]
    public async Task Committed_Closing_ShowsTheRestAndEnds()
    {
        var signal = new AsyncSignal();
        _log.AddReader(signal);
        _log.Close(Sample.Closing(), [Tokens.Done(), Tokens.Saved(), Tokens.End()], shownAtOnce: 1);
        var write = Take();
        Assert.True(signal.WaitAsync().AsTask().IsCompleted);

        _log.Committed(write);

        Assert.True(signal.WaitAsync().AsTask().IsCompleted);
        Assert.Equal([1, 2, 3], ReadAll().Select(e => (int)e.Sequence));
        Assert.Equal(LogPosition.Ended, _log.Read(3, out _));
        await _log.Closed.InTime();
        Assert.Null(_log.TakeUncommitted());
    }

    [Fact]
    public void Append_AfterClose_Throws()
    {
        _log.Close(Sample.Closing(), [Tokens.End()], shownAtOnce: 0);

        Assert.Throws<InvalidOperationException>(() => _log.Append(Tokens.Answer("late")));
        Assert.Throws<InvalidOperationException>(() => _log.Close(Sample.Closing(), [Tokens.End()], shownAtOnce: 0));
        Assert.Equal(1, _log.LastSequence);
    }

    [Fact]
    public void Committed_BeyondTheBound_OnlyTheNewestStay()
    {
        AppendMany(100);
        _log.Committed(Take());

        Assert.Equal(LogPosition.BeforeTail, _log.Read(0, out var nothing));
        Assert.Null(nothing);
        var kept = Enumerable.Range(1, 100).Count(i => _log.Read(i - 1, out _) == LogPosition.Event);
        Assert.InRange(kept, 1, TailBytes / 128);
        Assert.Equal(LogPosition.Event, _log.Read(99, out _));
    }

    [Fact]
    public void Committed_WithinTheBound_NothingIsEvicted()
    {
        AppendMany(10);
        _log.Committed(Take());

        Assert.Equal(LogPosition.Event, _log.Read(0, out _));
    }

    [Fact]
    public void Committed_MuchUncommitted_ThatIsNeverEvicted()
    {
        AppendMany(5);
        var first = Take();
        AppendMany(500);
        _log.Committed(first);

        Assert.Equal(LogPosition.BeforeTail, _log.Read(0, out _));
        Assert.Equal(LogPosition.Event, _log.Read(5, out _));
        Assert.Equal(Enumerable.Range(6, 500), Take().Events.Select(e => (int)e.Sequence));
    }

    [Fact]
    public async Task WaitForRoom_AtTheBound_UntilTheCommit()
    {
        while (_log.HasRoom())
        {
            AppendMany(1);
        }

        var waiting = _log.WaitForRoomAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        _log.Committed(Take());
        await waiting.InTime();
        Assert.True(_log.HasRoom());
    }

    [Fact]
    public async Task WaitForRoom_Cancelled_Throws()
    {
        AppendMany(500);
        using var source = new CancellationTokenSource();
        var waiting = _log.WaitForRoomAsync(source.Token).AsTask();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTime());
    }

    [Fact]
    public async Task Lose_WriterWaitsForRoom_GoesOn()
    {
        AppendMany(500);
        var waiting = _log.WaitForRoomAsync(CancellationToken.None).AsTask();
        _log.Lose(Gone);

        await waiting.InTime();
    }

    [Fact]
    public void Lose_Reader_GetsWhatIsShownAndThenTheFirstReason()
    {
        var signal = new AsyncSignal();
        _log.AddReader(signal);
        _log.Append(Tokens.Answer("shown"));
        Assert.True(signal.WaitAsync().AsTask().IsCompleted);

        _log.Lose(Gone);
        _log.Lose(TurnFailures.StoreAway);

        Assert.True(signal.WaitAsync().AsTask().IsCompleted);
        Assert.Equal(LogPosition.Event, _log.Read(0, out _));
        Assert.Equal(LogPosition.Lost, _log.Read(1, out _));
        Assert.Same(Gone, _log.Failure);
    }

    [Fact]
    public void Lose_ClosingCommitComesAfterAll_NewReadersSeeTheEnd()
    {
        _log.Close(Sample.Closing(), [Tokens.Done(), Tokens.End()], shownAtOnce: 1);
        _log.Lose(TurnFailures.StoreAway);
        Assert.Equal(LogPosition.Lost, _log.Read(1, out _));

        _log.Committed(Take());

        Assert.Equal(LogPosition.Event, _log.Read(1, out _));
        Assert.Equal(LogPosition.Ended, _log.Read(2, out _));
    }

    [Fact]
    public void Announce_CommitFailed_AsksAgain()
    {
        _log.Append(Tokens.Answer("one"));
        _ = Take();
        _log.Failed(doubted: null);
        _log.Failed(doubted: null);

        Assert.Equal(2, _changes);
    }

    private TurnWrite Take()
    {
        var write = _log.TakeUncommitted();
        Assert.NotNull(write);
        return write;
    }

    private void AppendMany(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _log.Append(Tokens.Answer("some text"));
        }
    }

    private List<StreamChatResponse> ReadAll()
    {
        var read = new List<StreamChatResponse>();
        while (_log.Read(read.Count, out var found) == LogPosition.Event)
        {
            read.Add(found!);
        }

        return read;
    }
}
