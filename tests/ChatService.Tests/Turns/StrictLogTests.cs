using ChatGrpc.Tests.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

/// <summary>A log of which readers are shown what is committed, and nothing else.</summary>
public sealed class StrictLogTests
{
    private readonly TurnLog _log = new("stream", epoch: 1, tailBytes: 2_000, () => { }, isStrict: true);

    [Fact]
    public void Append_Event_IsShownWhenItIsCommittedAndWakesThen()
    {
        _log.Append(Tokens.Answer("one"));
        var write = _log.TakeUncommitted()!;
        _log.Append(Tokens.Answer("two"));
        Assert.True(_log.IsUrgent);
        Assert.Equal((LogPosition.AtEnd, 0), (_log.Read(0, out _), _log.ShownSequence));

        var signal = new AsyncSignal();
        _log.AddReader(signal);
        _log.Committed(write);

        Assert.True(signal.WaitAsync().AsTask().IsCompleted);
        Assert.Equal(LogPosition.Event, _log.Read(0, out var found));
        Assert.Equal(("one", LogPosition.AtEnd, 1), (found!.Token.Text, _log.Read(1, out _), _log.ShownSequence));
    }

    [Fact]
    public void Close_Turn_NothingOfTheEndIsShownBeforeItsCommit()
    {
        _log.Append(Tokens.Answer("one"));
        _log.Close(Sample.Closing(), [Tokens.Done(), Tokens.End()], shownAtOnce: 1);
        Assert.Equal(LogPosition.AtEnd, _log.Read(0, out _));

        _log.Committed(_log.TakeUncommitted()!);

        Assert.Equal((LogPosition.Event, LogPosition.Ended), (_log.Read(2, out _), _log.Read(3, out _)));
    }
}
