using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Sees to what is open in the store and runs nowhere. At the start that is what another incarnation left: what waited
/// for its session or its client waits on here, and what ran is ended. Later it is what nobody knows of: the opening
/// commit of a call that had failed, or of a process that died; a turn that was given up. Else its session would stay
/// busy.
/// </summary>
internal sealed class TurnTakeover(
    IChatStore store, StoreWaiting waiting, ModelCatalogue models, TurnRegistry turns, TurnRecovery recovery,
    Incarnation incarnation, Drain drain, TimeProvider time, ILogger<TurnTakeover> logger)
{
    // Each takes a few round trips, and at the start nobody is served before the last of them.
    private const int AtOnce = 8;

    /// <summary>Takes over what others left. A store that is away is waited for.</summary>
    /// <param name="ended">Gets the streams that had run, and were ended.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreException">The store refuses.</exception>
    public async Task RunAsync(List<string> ended, CancellationToken cancellationToken)
    {
        var (adopted, cut) = (new List<Turn>(), new List<StreamRecord>());
        try
        {
            await waiting.AskAsync(token => AdoptAsync(adopted, cut, token), cancellationToken);
        }
        finally
        {
            // All are known here before the first of them ends, and lets the next one run.
            adopted.ForEach(turns.Begin);
        }

        await waiting.AskAsync(
            async token =>
            {
                await EndAsync(cut, withdraws: false, ended, token);
                foreach (var promoted in await store.PromoteQueuedAsync(token))
                {
                    turns.Promote(promoted);
                }

                await PromoteThoseThatRunAsync(adopted, token);
            },
            cancellationToken);
    }

    /// <summary>Ends what is open and does not run here, and lets run what was let run.</summary>
    /// <param name="ended">Gets the streams that were ended.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task LookAsync(List<string> ended, CancellationToken cancellationToken)
    {
        var lost = new List<StreamRecord>();
        foreach (var stream in await store.ListOpenAsync(cancellationToken))
        {
            if (turns.Find(stream.TenantId, stream.StreamId) is { } here)
            {
                PromoteIfItRuns(here, stream);
            }
            else
            {
                lost.Add(stream);
            }
        }

        await EndAsync(lost, withdraws: true, ended, cancellationToken);
    }

    private async Task AdoptAsync(
        List<Turn> adopted, List<StreamRecord> cut, CancellationToken cancellationToken)
    {
        cut.Clear();
        foreach (var stored in await store.TakeOverAsync(incarnation.Id, cancellationToken))
        {
            if (stored.Stream.State == StreamState.Running)
            {
                cut.Add(stored.Stream);
            }
            else if (turns.Find(stored.Stream.TenantId, stored.Stream.StreamId) is null)
            {
                await GuardAsync(
                    stored.Stream,
                    async () => adopted.AddRange(
                        await AdoptAsync(stored, cancellationToken) is { } turn ? [turn] : []));
            }
        }
    }

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

        var isWaiting = stream.State == StreamState.Waiting;
        var earlier = isWaiting ? await ReadAsync(stream, cancellationToken) : null;
        var ago = time.GetUtcNow() - stream.CreatedAt;
        var arrived = time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);
        var turn = turns.Add(stream, stored.Request, model, arrived, earlier);
        if (isWaiting)
        {
            // Before anybody can find it: its client may answer at once.
            turn.ClientCalls.Restore(earlier!.Steps, stream.LastSequence);
            turn.BeginWaiting(drain);
            turn.Promote();
        }

        return turn;
    }

    private async Task<EarlierTurn> ReadAsync(StreamRecord stream, CancellationToken cancellationToken) => new(
        await store.ReadStepsAsync(stream.TenantId, stream.StreamId, cancellationToken),
        AnswerReplay.Of(await recovery.ReadAllAsync(stream, cancellationToken)));

    // What an earlier try has promoted nobody was told.
    private async Task PromoteThoseThatRunAsync(List<Turn> adopted, CancellationToken cancellationToken)
    {
        if (!adopted.Exists(turn => turn.IsQueued))
        {
            return;
        }

        foreach (var stream in await store.ListOpenAsync(cancellationToken))
        {
            if (turns.Find(stream.TenantId, stream.StreamId) is { } here)
            {
                PromoteIfItRuns(here, stream);
            }
        }
    }

    // The commit that let it run was one of which nobody knew.
    private static void PromoteIfItRuns(Turn here, StreamRecord stream)
    {
        if (stream.State == StreamState.Running)
        {
            here.Promote();
        }
    }

    private async Task EndAsync(
        List<StreamRecord> streams, bool withdraws, List<string> ended, CancellationToken cancellationToken)
    {
        foreach (var some in streams.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(stream => GuardAsync(stream, () => EndAsync(stream))));
        }

        async Task EndAsync(StreamRecord stream)
        {
            if (!await IsLeftAsync(stream, cancellationToken))
            {
                return;
            }

            var (hasEnded, next) = await recovery.EndAsync(
                stream, withdraws ? stream.Epoch + 1 : stream.Epoch, TurnEnding.Interrupted(),
                promotesNext: !drain.HasBegun, cancellationToken);
            turns.Promote(next ?? "");
            lock (ended)
            {
                ended.AddRange(hasEnded ? [stream.StreamId] : []);
            }
        }
    }

    // A turn is in the registry before it is in the store, and leaves it after its closing commit: what is read of it
    // after it was not found there holds. A service that stops leaves what waits where it is.
    private async Task<bool> IsLeftAsync(StreamRecord stream, CancellationToken cancellationToken) =>
        !drain.HasBegun && turns.Find(stream.TenantId, stream.StreamId) is null
        && await store.FindStreamAsync(stream.TenantId, stream.StreamId, cancellationToken) is { IsOpen: true } now
        && now.Epoch == stream.Epoch;

    // Its session stays busy; all the others need not wait for that.
    private async Task GuardAsync(StreamRecord stream, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (
            failure is not (OperationCanceledException or StoreException { Refused: false }))
        {
            Log.NotTakenOver(logger, stream.StreamId, failure);
        }
    }
}
