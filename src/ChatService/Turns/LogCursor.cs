using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// A reader's place in a turn's log. What memory holds no more it reads back from the store, a batch at a time.
/// </summary>
internal sealed class LogCursor(
    string tenantId, string streamId, TurnLog log, IChatStore store, long afterSequence)
{
    // A batch read back from the store is held for one reader; about 64 KiB of ordinary tokens.
    private const int ReadBack = 1_000;

    private IReadOnlyList<StreamChatResponse> _batch = [];
    private int _taken;

    /// <summary>The last sequence that was read.</summary>
    public long Sequence { get; private set; } = afterSequence;

    /// <summary>The event that was found last.</summary>
    public StreamChatResponse? Current { get; private set; }

    /// <summary>Why nothing more is found here, after <see cref="LogPosition.Lost"/>.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Looks for the next event; waits for the store, and for nothing else.</summary>
    /// <exception cref="StoreException">The store cannot be read; it may be tried again.</exception>
    public ValueTask<LogPosition> MoveNextAsync(CancellationToken cancellationToken)
    {
        // Beyond it there is nothing, whatever an owner that lost the stream still holds.
        if (Current?.StreamEnd is not null)
        {
            return new(LogPosition.Ended);
        }

        if (_taken < _batch.Count)
        {
            return new(Take(_batch[_taken++]));
        }

        _batch = [];
        switch (log.Read(Sequence, out var found))
        {
            case LogPosition.Event:
                return new(Take(found!));
            case LogPosition.BeforeTail:
                return ReadBackAsync(cancellationToken);
            case LogPosition.Lost:
                return new(Lose(log.Failure));
            case var position:
                return new(position);
        }
    }

    private async ValueTask<LogPosition> ReadBackAsync(CancellationToken cancellationToken)
    {
        // What the store has already and the log does not know yet is not shown: who resumed behind it would be told
        // that there is no such place.
        var shown = log.ShownSequence;
        var found = await store.ReadEventsAsync(tenantId, streamId, Sequence, ReadBack, cancellationToken);
        _batch = found is [.., { } last] && last.Sequence > shown
            ? [.. found.TakeWhile(each => each.Sequence <= shown)]
            : found;
        _taken = Math.Min(1, _batch.Count);
        return _batch.Count > 0 ? Take(_batch[0]) : Lose(TurnFailures.StreamDeleted);
    }

    private LogPosition Take(StreamChatResponse found)
    {
        Sequence = found.Sequence;
        Current = found;
        return LogPosition.Event;
    }

    private LogPosition Lose(Failure? failure)
    {
        Failure = failure;
        return LogPosition.Lost;
    }
}
