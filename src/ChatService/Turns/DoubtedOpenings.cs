using System.Collections.Concurrent;
using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Makes opening commits in a store that does not always say what came of them. Nobody is told that a message was not
/// saved and then billed for its answer, and no session stays busy with a turn that nobody runs.
/// </summary>
internal sealed class DoubtedOpenings(
    IChatStore store, TurnRegistry turns, TurnsElsewhere elsewhere, TimeProvider time,
    ILogger<DoubtedOpenings> logger)
{
    // A connection that broke is there again in much less; longer nobody wants to be left without a word.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Clients that send again do it within a few seconds; the session is busy meanwhile.
    private static readonly TimeSpan RetryGrace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Turn> _doubted = new();

    /// <summary>
    /// The opening commit of a registered turn, which stays registered if it is in the store or may be.
    /// </summary>
    /// <returns>
    /// Opened or Queued: it is in the store, for the caller to begin. SentBefore with its own id: it was, and somebody
    /// ended it.
    /// </returns>
    /// <exception cref="StoreException">It is not opened, or nobody knows; then this looks after it.</exception>
    public async Task<OpenResult> OpenAsync(Turn turn, NewTurn draft)
    {
        var (began, isDoubted) = (time.GetTimestamp(), false);
        while (true)
        {
            try
            {
                var result = await store.OpenTurnAsync(draft, CancellationToken.None);
                if (result.Outcome == OpenOutcome.SentBefore && result.StreamId == turn.Record.StreamId)
                {
                    result = await DescribeAsync(turn, result);
                }

                Release(turn, result.Outcome, isDoubted);
                return result;
            }
            catch (StoreException failure)
            {
                isDoubted |= failure.OutcomeUnknown;
                if (!isDoubted)
                {
                    turns.Remove(turn);
                    throw;
                }

                if (time.GetElapsedTime(began) >= Patience)
                {
                    LookAfter(turn, mayBeSentAgain: draft.ClientRequestId.Length > 0);
                    throw;
                }
            }

            await Task.Delay(Pause, time);
        }
    }

    /// <summary>
    /// The same request was sent again, and the store says that it is this stream. If it is one whose sender was told
    /// that nobody knows of it, it runs from now on, wherever that was: it is wanted, once.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task WantAnywhereAsync(string tenantId, string streamId, CancellationToken cancellationToken)
    {
        await WantAsync(tenantId, streamId, cancellationToken);
        if (elsewhere.Exist && turns.Find(tenantId, streamId) is null
            && await store.FindStreamAsync(tenantId, streamId, cancellationToken) is { IsOpen: true, LastSequence: 0 })
        {
            await elsewhere.WantAsync(tenantId, streamId, cancellationToken);
        }
    }

    /// <summary>As the other, for a turn that is here.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task WantAsync(string tenantId, string streamId, CancellationToken cancellationToken)
    {
        // Its first sender may still be trying, and give up later.
        turns.Find(tenantId, streamId)?.Want();
        if (_doubted.TryGetValue(streamId, out var turn)
            && await store.FindStreamAsync(tenantId, streamId, cancellationToken) is { } row
            && IsToBegin(turn, row) && _doubted.TryRemove(streamId, out _))
        {
            Begin(turn, row.State);
        }
    }

    // Its own first try was committed, and its row tells what it came to.
    private async Task<OpenResult> DescribeAsync(Turn turn, OpenResult sent)
    {
        var (tenant, streamId) = (turn.Record.TenantId, turn.Record.StreamId);
        if (await store.FindStreamAsync(tenant, streamId, CancellationToken.None) is not { } row
            || !IsToBegin(turn, row))
        {
            return sent;
        }

        if (row.State == StreamState.Running)
        {
            return sent with { Outcome = OpenOutcome.Opened };
        }

        var open = await store.ListSessionStreamsAsync(tenant, row.SessionId, CancellationToken.None);
        var ahead = open.TakeWhile(other => other.StreamId != streamId).Count();
        return new OpenResult(OpenOutcome.Queued, streamId, ahead);
    }

    // Where something else is in the way now, a first try of which nobody knows can still get through afterwards. Where
    // another stream has the request id, it cannot.
    private void Release(Turn turn, OpenOutcome outcome, bool isDoubted)
    {
        switch (outcome)
        {
            case OpenOutcome.Opened or OpenOutcome.Queued:
                break;
            case OpenOutcome.SessionBusy or OpenOutcome.QueueFull or OpenOutcome.ParentNotFound when isDoubted:
                LookAfter(turn, mayBeSentAgain: false);
                break;
            default:
                turns.Remove(turn);
                break;
        }
    }

    private void LookAfter(Turn turn, bool mayBeSentAgain)
    {
        _doubted[turn.Record.StreamId] = turn;
        turn.EndOpening();
        _ = SettleAsync(turn, mayBeSentAgain);
    }

    private async Task SettleAsync(Turn turn, bool mayBeSentAgain)
    {
        var streamId = turn.Record.StreamId;
        if (await FindAsync(turn) is { } row && IsToBegin(turn, row))
        {
            await PassAsync(turn, mayBeSentAgain && !turn.IsWanted ? RetryGrace : TimeSpan.Zero);
            if (!_doubted.TryRemove(streamId, out _))
            {
                return;
            }

            if (!turn.IsWanted)
            {
                Log.OpenedLate(logger, streamId);
                turn.Stop.TryStop(StopCause.OpenedLate);
            }

            Begin(turn, row.State);
        }
        else if (_doubted.TryRemove(streamId, out _))
        {
            turns.Remove(turn);
        }
    }

    // Null: it never was opened (if a store should be later than it may be, TakeoverWatch finds it), or nobody can wait
    // for the answer, because the service stops.
    private async Task<StreamRecord?> FindAsync(Turn turn)
    {
        var since = time.GetTimestamp();
        while (time.GetElapsedTime(since) < StoreWaiting.LongestDelay && turn.Stop.Cause != StopCause.Shutdown)
        {
            await PassAsync(turn, StoreWaiting.Pause);
            try
            {
                if (await store.FindStreamAsync(turn.Record.TenantId, turn.Record.StreamId, CancellationToken.None)
                    is { } row)
                {
                    return row;
                }
            }
            catch (StoreException)
            {
                // Only a store that answers can have given it up.
                since = time.GetTimestamp();
            }
        }

        return null;
    }

    // Whoever stops the turn, or the service, wants to know sooner.
    private async Task PassAsync(Turn turn, TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, turn.Stop.Cause == StopCause.None ? turn.Stop.Token : default);
        }
        catch (OperationCanceledException)
        {
            // That was it.
        }
    }

    private void Begin(Turn turn, StreamState state)
    {
        if (state == StreamState.Running)
        {
            turn.Promote();
        }

        turns.Begin(turn);
    }

    // Else somebody has ended it or taken it on, as what a dead process left.
    private static bool IsToBegin(Turn turn, StreamRecord row) =>
        row.Epoch == turn.Record.Epoch && row.State is (StreamState.Running or StreamState.Queued);
}
