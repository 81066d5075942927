using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// The events of one turn. One writer appends; readers follow by sequence and never block it. The newest events are in
/// memory, at most <c>tailBytes</c> of committed ones; uncommitted events are never evicted, and when they reach that
/// bound the writer waits for the store.
/// </summary>
/// <param name="tailBytes">The bound of each: what is kept for readers, and what may wait for the store.</param>
/// <param name="changed">Called, outside the lock, when there is something to commit; once until it is taken.</param>
/// <param name="isStrict">Readers are shown nothing that is not committed.</param>
/// <param name="afterSequence">What came up to it is in the store: an earlier process began the turn.</param>
internal sealed class TurnLog(
    string streamId, long epoch, int tailBytes, Action changed, bool isStrict = false, long afterSequence = 0)
{
    private readonly Lock _gate = new();
    private readonly EventTail _tail = new(afterSequence);
    private readonly AsyncSignal _room = new();
    private readonly Milestone _closed = new();
    private readonly Audience _audience = new();
    private readonly List<(long Sequence, Milestone Saved)> _awaited = [];
    private readonly List<TurnStep> _steps = [];
    private StreamState? _state;
    private long _last = afterSequence;
    private long _shown = afterSequence;
    private long _committed = afterSequence;
    private long _uncommittedBytes;
    private bool _announced;
    private TurnClosing? _closing;
    private bool _isClosed;
    private Failure? _failure;
    private TurnWrite? _doubted;

    /// <summary>The log of a turn that has ended, all of which only the store has.</summary>
    public static TurnLog Ended(StreamRecord ended)
    {
        var log = new TurnLog(
            ended.StreamId, ended.Epoch, tailBytes: 0, static () => { }, afterSequence: ended.LastSequence)
        {
            _isClosed = true,
        };
        log._closed.Reach();
        return log;
    }

    /// <summary>The log of a turn that another incarnation runs: it has what is committed of it.</summary>
    public static TurnLog Followed(StreamRecord running, int tailBytes) =>
        new(running.StreamId, running.Epoch, tailBytes, static () => { }, afterSequence: running.LastSequence);

    /// <summary>The count of events.</summary>
    public long LastSequence => Volatile.Read(ref _last);

    /// <summary>The state in which the turn has ended; null: it has not, or is not saved yet.</summary>
    public StreamState? FinalState
    {
        get
        {
            lock (_gate)
            {
                return _closing is not null && _committed == _last ? _closing.State : null;
            }
        }
    }

    /// <summary>What is kept in memory.</summary>
    public long HeldBytes => _tail.Bytes;

    /// <summary>How far readers may read.</summary>
    public long ShownSequence => Volatile.Read(ref _shown);

    /// <summary>Completes with the closing commit, or when the log is given up.</summary>
    public Task Closed => _closed.Reached;

    /// <summary>
    /// Numbers the event and shows it. Only the turn's runner calls this; so for the other two verbs.
    /// </summary>
    public void Append(StreamChatResponse appended) => Append(appended, [], state: null);

    /// <param name="steps">Are committed together with the event.</param>
    /// <param name="state">The turn's from then on; null: as before.</param>
    public void Append(StreamChatResponse appended, IReadOnlyList<TurnStep> steps, StreamState? state)
    {
        lock (_gate)
        {
            Add_NeedsLock(appended);
            foreach (var step in steps)
            {
                _steps.RemoveAll(older => older.Number == step.Number);
                _steps.Add(step);
            }

            _state = state ?? _state;
            _shown = isStrict ? _shown : _last;
        }

        _audience.Wake();
        Announce();
    }

    /// <summary>What is uncommitted is below the bound.</summary>
    public bool HasRoom()
    {
        lock (_gate)
        {
            return _uncommittedBytes < tailBytes || _failure is not null;
        }
    }

    /// <summary>
    /// What is uncommitted should not wait: readers do, or it ends the turn or a step of it, or comes near the bound at
    /// which the writer has to wait.
    /// </summary>
    public bool IsUrgent
    {
        get
        {
            lock (_gate)
            {
                return isStrict || _closing is not null || _steps.Count > 0 || _uncommittedBytes >= tailBytes / 2;
            }
        }
    }

    /// <summary>Waits until there may be room again, or a commit has failed.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        await using var registration =
            cancellationToken.UnsafeRegister(static room => ((AsyncSignal)room!).Set(), _room);
        if (!HasRoom())
        {
            await _room.WaitAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Ends the log with these events, all of which go into one commit with the closing: the first of them are shown
    /// as any other, the others after that commit.
    /// </summary>
    public void Close(
        TurnClosing closing, IReadOnlyList<StreamChatResponse> last, int shownAtOnce,
        IReadOnlyList<TurnStep>? steps = null)
    {
        lock (_gate)
        {
            _steps.AddRange(steps ?? []);
            _shown = isStrict ? _shown : _last + shownAtOnce;
            foreach (var appended in last)
            {
                Add_NeedsLock(appended);
            }

            _closing = closing;
            _isClosed = true;
        }

        _audience.Wake();
        Announce();
    }

    /// <summary>
    /// Readers get no further here than what is shown now. What is uncommitted can still be committed.
    /// </summary>
    public void Lose(Failure failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
        }

        _audience.Wake();
        _room.Set();
    }

    /// <summary>What the store has beyond this log, of a turn that runs elsewhere; what is known is skipped.</summary>
    public void Follow(IReadOnlyList<StreamChatResponse> committed)
    {
        bool isClosed;
        lock (_gate)
        {
            foreach (var next in committed)
            {
                if (next.Sequence == _last + 1 && !_isClosed)
                {
                    _ = _tail.Add(next);
                    _last = next.Sequence;
                    _isClosed = next.StreamEnd is not null;
                }
            }

            (_committed, _shown, isClosed) = (_last, _last, _isClosed);
            Evict_NeedsLock();
        }

        _audience.Wake();
        if (isClosed)
        {
            _closed.Reach();
        }
    }

    /// <summary>Another owner has the stream: nothing of this log will be committed any more.</summary>
    public void GiveUp(Failure failure)
    {
        Lose(failure);
        _closed.Reach();
        TellSaved();
    }

    /// <summary>
    /// What waits for the store, or null. As long as nobody knows what came of a write, it is the same once more, not
    /// changed: then the store tells whether it was committed.
    /// </summary>
    public TurnWrite? TakeUncommitted()
    {
        lock (_gate)
        {
            _announced = false;
            if (_committed == _last || _closed.IsReached)
            {
                return null;
            }

            if (_doubted is not null)
            {
                return _doubted;
            }

            var events = new StreamChatResponse[_last - _committed];
            for (var i = 0; i < events.Length; i++)
            {
                events[i] = _tail[_committed + 1 + i];
            }

            return new TurnWrite(streamId, epoch, events, _closing) { Steps = [.. _steps], State = _state };
        }
    }

    /// <summary>What was taken is in the store.</summary>
    public void Committed(TurnWrite write)
    {
        var (closed, isAll) = (false, true);
        lock (_gate)
        {
            _doubted = null;
            for (; _committed < write.LastSequence; _committed++)
            {
                _uncommittedBytes -= _tail.BytesOf(_committed + 1);
            }

            // What came to the list in the meantime waits for the next write.
            _steps.RemoveAll(step => write.Steps.Any(written => ReferenceEquals(written, step)));
            _state = _state == write.State ? null : _state;
            closed = write.Closing is not null;
            _shown = closed ? _last : isStrict ? _committed : _shown;
            isAll = _committed == _last;
            Evict_NeedsLock();
        }

        _room.Set();
        if (closed || isStrict)
        {
            _audience.Wake();
        }

        if (closed)
        {
            _closed.Reach();
        }

        TellSaved();

        // What came after a write that was in doubt was not taken with it.
        if (!isAll)
        {
            Announce();
        }
    }

    /// <summary>What was taken was not committed, as far as is known, and has to be taken again.</summary>
    /// <param name="doubted">It may have been committed all the same; null: it was not.</param>
    public void Failed(TurnWrite? doubted)
    {
        lock (_gate)
        {
            _doubted = doubted ?? _doubted;
        }

        _room.Set();
        Announce();
    }

    /// <summary>Nobody knows what came of an earlier try at this write.</summary>
    public bool IsInDoubt(TurnWrite write) => ReferenceEquals(Volatile.Read(ref _doubted), write);

    /// <summary>Completes when the events up to a sequence are in the store, or never will be.</summary>
    public Task SavedAsync(long sequence)
    {
        lock (_gate)
        {
            if (_committed >= sequence || _closed.IsReached)
            {
                return Task.CompletedTask;
            }

            var saved = new Milestone();
            _awaited.Add((sequence, saved));
            return saved.Reached;
        }
    }

    /// <summary>The events up to a sequence are in the store.</summary>
    public bool IsSaved(long sequence) => Volatile.Read(ref _committed) >= sequence;

    private void Announce()
    {
        lock (_gate)
        {
            if (_announced)
            {
                return;
            }

            _announced = true;
        }

        changed();
    }

    /// <summary>What follows a sequence, as far as it may be shown.</summary>
    public LogPosition Read(long afterSequence, out StreamChatResponse? found)
    {
        lock (_gate)
        {
            found = null;
            if (afterSequence < _shown)
            {
                if (afterSequence + 1 < _tail.First)
                {
                    return LogPosition.BeforeTail;
                }

                found = _tail[afterSequence + 1];
                return LogPosition.Event;
            }

            return _isClosed && _shown == _last ? LogPosition.Ended
                : _failure is not null ? LogPosition.Lost
                : LogPosition.AtEnd;
        }
    }

    /// <summary>Why the log is lost.</summary>
    public Failure? Failure => Volatile.Read(ref _failure);

    /// <summary>The signal is set whenever there may be more to read.</summary>
    public void AddReader(AsyncSignal signal) => _audience.Add(signal);

    public void RemoveReader(AsyncSignal signal) => _audience.Remove(signal);

    public bool HasReaders => _audience.Any;

    private void TellSaved()
    {
        lock (_gate)
        {
            for (var i = _awaited.Count - 1; i >= 0; i--)
            {
                if (_awaited[i].Sequence <= _committed || _closed.IsReached)
                {
                    _awaited[i].Saved.Reach();
                    _awaited.RemoveAt(i);
                }
            }
        }
    }

    private void Evict_NeedsLock()
    {
        while (_tail.Bytes > tailBytes && _tail.First <= _committed)
        {
            _tail.RemoveFirst();
        }
    }

    private void Add_NeedsLock(StreamChatResponse added)
    {
        if (_isClosed)
        {
            throw new InvalidOperationException("The log is closed.");
        }

        added.Sequence = ++_last;
        _uncommittedBytes += _tail.Add(added);
    }
}
