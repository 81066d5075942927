using System.Runtime.ExceptionServices;
using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Sees to what is open in the store and runs nowhere. That is what dead incarnations left: what waited for its session
/// or its client waits on here, and what ran is ended. And it is what this one owns and does not know of: the opening
/// commit of a call that had failed, a turn that was given up. Else its session would stay busy.
/// </summary>
internal sealed class TurnTakeover(
    IChatStore store, ModelCatalogue models, TurnRegistry turns, TurnRecovery recovery, Orphans orphans,
    Incarnation incarnation, Drain drain, TimeProvider time, ILogger<TurnTakeover> logger)
{
    // Hardly ever is there anything of its own that it does not know; who is locked out of a session by that waits no
    // longer than a person would.
    private static readonly TimeSpan OwnPause = TimeSpan.FromMinutes(1);

    // Taken over, and not seen to yet.
    private readonly Dictionary<string, StoredTurn> _left = [];
    private string _takenBy = "";
    private long _ownLookedAt;
    private long? _doubtedAt;
    private bool _hasSeenTo;

    // A statement of which nobody knows whether it has taken something over; it may do that later.
    private bool IsInDoubt =>
        _doubtedAt is { } since && time.GetElapsedTime(since) < StoreWaiting.LongestDelay;

    /// <summary>
    /// Takes over what others left, ends what runs nowhere, and lets run what may. Not twice at once.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be reached; the next look goes on with it.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PromoteAsync(cancellationToken);
        }
        finally
        {
            await SeeToTheLeftAsync(cancellationToken);
        }
    }

    private async Task SeeToTheLeftAsync(CancellationToken cancellationToken)
    {
        // A service that stops takes nothing over; what it has taken over it ends or gives away.
        if (!drain.HasBegun)
        {
            await TakeOverAsync(cancellationToken);
        }

        try
        {
            await EndThoseThatRanAsync(cancellationToken);
        }
        finally
        {
            await AdoptAsync(cancellationToken);
        }

        if (!drain.HasBegun && (IsInDoubt || time.GetElapsedTime(_ownLookedAt) >= OwnPause))
        {
            await LookAtOwnAsync(cancellationToken);
        }
    }

    /// <summary>Lets run what may. Not while it looks.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task PromoteAsync(CancellationToken cancellationToken)
    {
        var owner = incarnation.Id;
        if (drain.HasBegun || turns.Parked() is not { Count: > 0 } parked)
        {
            return;
        }

        var own = await store.PromoteQueuedAsync(
            owner, [.. parked.Select(turn => turn.Record.StreamId)], cancellationToken);
        foreach (var turn in parked)
        {
            if (own.GetValueOrDefault(turn.Record.StreamId) == StreamState.Running)
            {
                turn.Promote();
            }
            else if (!own.ContainsKey(turn.Record.StreamId) && turn.IsParked && owner == incarnation.Id)
            {
                // It has not ended, or it would have been stopped or let run before. So it is another's.
                Log.Fenced(logger, turn.Record.StreamId);
                turns.GiveUp(turn);
            }
        }
    }

    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        // What an earlier life took over it has lost with its own turns.
        if (_takenBy != incarnation.Id)
        {
            _left.Clear();
            (_takenBy, _doubtedAt, _ownLookedAt) = (incarnation.Id, null, time.GetTimestamp());
        }

        try
        {
            foreach (var taken in await store.TakeOverAsync(_takenBy, Incarnation.Lease, cancellationToken))
            {
                _left[taken.Stream.StreamId] = taken;
            }
        }
        catch (StoreException failure)
        {
            _doubtedAt = failure.OutcomeUnknown ? time.GetTimestamp() : _doubtedAt;
            throw;
        }
    }

    private async Task AdoptAsync(CancellationToken cancellationToken)
    {
        if (drain.HasBegun)
        {
            await ReleaseAsync();
            return;
        }

        var adopted = new List<Turn>();
        try
        {
            foreach (var stored in LeftWaiting())
            {
                await orphans.GuardAsync(
                    stored.Stream,
                    async () => adopted.AddRange(
                        await AdoptAsync(stored, cancellationToken) is { } turn ? [turn] : []));
                _ = _left.Remove(stored.Stream.StreamId);
            }
        }
        finally
        {
            // All are known here before the first of them ends, and lets the next one run.
            adopted.ForEach(turns.Begin);
        }

        if (adopted.Count > 0 || _hasSeenTo)
        {
            _hasSeenTo = false;
            await PromoteAsync(cancellationToken);
        }
    }

    // The service stops: others go on with what it has taken over and not begun with.
    private async Task ReleaseAsync()
    {
        var waiting = LeftWaiting().ConvertAll(stored => stored.Stream.StreamId);
        await incarnation.ReleaseAsync(waiting);
        waiting.ForEach(streamId => _left.Remove(streamId));
    }

    // One that is still known here is on its way out.
    private List<StoredTurn> LeftWaiting() =>
        [.. _left.Values.Where(left => left.Stream.State != StreamState.Running && !turns.Has(left.Stream))];

    // Null: its model is gone, and the turn has ended with that.
    private async Task<Turn?> AdoptAsync(StoredTurn stored, CancellationToken cancellationToken)
    {
        var stream = stored.Stream;
        if (models.Find(stream.Model) is not { } model)
        {
            var failure = TurnEnding.Failed(StartFailures.ModelNotFound(stream.Model, models));
            _ = await recovery.EndAsync(stream, stream.Epoch, failure, promotesNext: false, cancellationToken);
            return null;
        }

        var request = stored.ReadRequest();
        var isWaiting = stream.State == StreamState.Waiting;
        var earlier = isWaiting ? await ReadAsync(stream, cancellationToken) : null;
        var seconds = Math.Max(0, (time.GetUtcNow() - stream.CreatedAt).TotalSeconds);
        var arrived = time.GetTimestamp() - (long)(seconds * time.TimestampFrequency);
        var turn = turns.Add(stream, request, model, arrived, earlier);
        if (_takenBy != incarnation.Id)
        {
            // Taken for dead meanwhile.
            turns.GiveUp(turn);
        }

        return turn;
    }

    private async Task<EarlierTurn> ReadAsync(StreamRecord stream, CancellationToken cancellationToken) => new(
        await store.ReadStepsAsync(stream.TenantId, stream.StreamId, cancellationToken),
        AnswerReplay.Of(await recovery.ReadAllAsync(stream, cancellationToken)));

    private async Task EndThoseThatRanAsync(CancellationToken cancellationToken)
    {
        var ran = _left.Values.Select(left => left.Stream).Where(stream => stream.State == StreamState.Running);
        await EndAsync([.. ran], withdraws: false, TellTakenOver, cancellationToken);
    }

    private async Task EndAsync(
        List<StreamRecord> streams, bool withdraws, Action<IReadOnlyList<string>> tell,
        CancellationToken cancellationToken)
    {
        var result = await orphans.EndAsync(streams, withdraws, cancellationToken);

        // One that is still known here is on its way out.
        foreach (var seenTo in result.SeenTo.Where(stream => !turns.Has(stream)))
        {
            _ = _left.Remove(seenTo.StreamId);
        }

        _hasSeenTo |= result.SeenTo.Count > 0;
        tell(result.Ended);
        if (result.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private async Task LookAtOwnAsync(CancellationToken cancellationToken)
    {
        var (lost, isInDoubt) = (new List<StreamRecord>(), IsInDoubt);
        foreach (var own in await store.ListOpenAsync(_takenBy, cancellationToken))
        {
            if (turns.Has(own.Stream))
            {
                continue;
            }

            // Taken over by a statement of which nobody knows, it can be adopted if it waits.
            if (!isInDoubt || own.Stream.State == StreamState.Running)
            {
                lost.Add(own.Stream);
            }
            else if (await orphans.IsLeftAsync(own.Stream, cancellationToken))
            {
                _left[own.Stream.StreamId] = own;
            }
        }

        try
        {
            await EndAsync(lost, withdraws: true, isInDoubt ? TellTakenOver : TellOrphans, cancellationToken);
        }
        finally
        {
            await AdoptAsync(cancellationToken);
        }

        _ownLookedAt = time.GetTimestamp();
    }

    private void TellTakenOver(IReadOnlyList<string> ended)
    {
        if (ended.Count > 0)
        {
            Log.TakenOver(logger, ended.Count, string.Join(", ", ended));
        }
    }

    private void TellOrphans(IReadOnlyList<string> ended)
    {
        foreach (var streamId in ended)
        {
            Log.OrphanFound(logger, streamId);
        }
    }
}
