using System.Collections.Concurrent;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Carries what turns append to the store: one batch for all of them at a time, at once when there is little to do,
/// and the more streams the longer apart. Of each stream, what follows is taken only after what came before is in.
/// </summary>
internal sealed class TurnFlusher : IAsyncDisposable
{
    // Twice as long after each failure in a row: back soon after a hiccup, and no burden on a store in trouble.
    private static readonly TimeSpan FirstRetryPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetryPause = StoreWaiting.Pause;

    // A service that stops does not wait for ever for its store.
    private const int LastTries = 5;

    private readonly IChatStore _store;
    private readonly Incarnation _incarnation;
    private readonly SettingAside _settingAside;
    private readonly StoreOutage _outage;
    private readonly SessionSignals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger<TurnFlusher> _logger;
    private readonly ConcurrentQueue<Turn> _changed = new();
    private readonly AsyncSignal _wake = new();
    private readonly FlushPace _pace;
    private readonly Task _loop;
    private int _failures;
    private volatile bool _stopping;

    public TurnFlusher(
        IChatStore store, Incarnation incarnation, SettingAside settingAside, StoreOutage outage,
        SessionSignals signals, TimeProvider time, ILogger<TurnFlusher> logger)
    {
        _store = store;
        _incarnation = incarnation;
        _settingAside = settingAside;
        _outage = outage;
        _signals = signals;
        _time = time;
        _logger = logger;
        _pace = new FlushPace(time);
        _loop = RunAsync();
    }

    /// <summary>The turn's log has something to commit.</summary>
    public void Enqueue(Turn turn)
    {
        _changed.Enqueue(turn);
        _wake.Set();
    }

    /// <summary>Commits what there is and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _settingAside.Stop();
        _wake.Set();
        await _loop;
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var turns = new List<Turn>();
        var writes = new List<TurnWrite>();
        var triesAtStop = 0;
        while (true)
        {
            var stopping = _stopping;
            var streams = Take(turns, writes, takesTokens: stopping || _pace.TakesTokens);
            if (writes.Count > 0)
            {
                Count(await CommitAsync(turns, writes));
            }

            if (streams > 0)
            {
                await Task.Delay(_failures == 0 ? FlushPace.Pause(streams) : RetryPause(), _time);
            }
            else if (!stopping)
            {
                await _wake.WaitAsync();
            }

            if (stopping && (writes.Count == 0 || (_failures > 0 && ++triesAtStop >= LastTries)))
            {
                return;
            }
        }
    }

    // No more than is queued now: a turn that goes on appending queues again at once, and taken twice into one batch it
    // would write the same events twice. Returns how many streams that were.
    private int Take(List<Turn> turns, List<TurnWrite> writes, bool takesTokens)
    {
        turns.Clear();
        writes.Clear();
        var streams = _changed.Count;
        for (var left = streams; left > 0 && _changed.TryDequeue(out var turn); left--)
        {
            if (!takesTokens && !turn.Log.IsUrgent)
            {
                _changed.Enqueue(turn);
            }
            else if (turn.Log.TakeUncommitted() is { } write)
            {
                turns.Add(turn);
                writes.Add(write);
            }
        }

        if (takesTokens)
        {
            _pace.Took(writes.Count);
        }

        return streams;
    }

    private async Task<bool> CommitAsync(List<Turn> turns, List<TurnWrite> writes)
    {
        _outage.Begin();
        IReadOnlyList<WriteResult> results;
        var isSent = false;
        try
        {
            await _incarnation.EnsureAsync(CancellationToken.None);
            isSent = true;
            results = await _store.CommitAsync(writes, CancellationToken.None);
        }
        catch (StoreException failure) when (!failure.Refused)
        {
            if (_failures == 0)
            {
                Log.FlushFailed(_logger, writes.Count, failure);
            }

            _outage.Failed();
            foreach (var (turn, write) in turns.Zip(writes))
            {
                turn.Log.Failed(isSent && failure.OutcomeUnknown ? write : null);
            }

            return false;
        }
        catch (Exception refusal)
        {
            _outage.Answered();
            return await DivideAsync(turns, writes, refusal);
        }

        _outage.End();
        var all = true;
        foreach (var (turn, write, result) in turns.Zip(writes, results))
        {
            all &= await HeedAsync(turn, write, result, asks: all);
        }

        return all;
    }

    // False: nobody knows yet, because the store went away again. It is not asked of one turn after the other then:
    // each could take as long as a store may.
    private async Task<bool> HeedAsync(Turn turn, TurnWrite write, WriteResult result, bool asks)
    {
        try
        {
            if (result.Outcome != WriteOutcome.Committed && turn.Log.IsInDoubt(write))
            {
                if (!asks)
                {
                    turn.Log.Failed(write);
                    return false;
                }

                result = await DoubtedCommits.SettleAsync(_store, turn, write);
            }
        }
        catch (StoreException away) when (!away.Refused)
        {
            Log.FlushFailed(_logger, 1, away);
            turn.Log.Failed(write);
            return false;
        }
        catch (Exception unreadable)
        {
            await _settingAside.RunAsync(turn, unreadable);
            return true;
        }

        if (result.Outcome == WriteOutcome.Committed)
        {
            Committed(turn, write, result);
            return true;
        }

        Log.Fenced(_logger, turn.Record.StreamId);
        turn.Stop.TryStop(StopCause.LostLease);
        turn.Log.GiveUp(TurnFailures.OwnerLost);
        return true;
    }

    // The session's watchers are told before the log ends: when the service stops, nobody hears of what comes after.
    private void Committed(Turn turn, TurnWrite write, WriteResult result)
    {
        turn.SuccessorId = result.PromotedStreamId;
        if (write.Closing is not null || write.State is not null)
        {
            _signals.Changed(turn.Record.TenantId, turn.Record.SessionId);
        }

        turn.Log.Committed(write);
    }

    // One stream that cannot be written must not hold up the others: it is looked for by halves, so that it costs them
    // a few commits and not one each, and is set aside.
    private async Task<bool> DivideAsync(List<Turn> turns, List<TurnWrite> writes, Exception refusal)
    {
        if (turns.Count == 1)
        {
            await _settingAside.RunAsync(turns[0], refusal);
            return true;
        }

        var (half, rest) = (turns.Count / 2, turns.Count - (turns.Count / 2));
        var first = await CommitAsync(turns.GetRange(0, half), writes.GetRange(0, half));
        return await CommitAsync(turns.GetRange(half, rest), writes.GetRange(half, rest)) && first;
    }

    // One line when the trouble begins and one when it ends: a full disk is not filled further by its log.
    private void Count(bool committed)
    {
        if (committed && _failures > 0)
        {
            Log.FlushRecovered(_logger, _failures);
        }

        _failures = committed ? 0 : _failures + 1;
    }

    private TimeSpan RetryPause()
    {
        var pause = FirstRetryPause * (1 << Math.Min(_failures - 1, 10));
        return pause < LongestRetryPause ? pause : LongestRetryPause;
    }
}
