using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Takes over what is open in the store and runs nowhere: turns that waited when their owner went, for their sessions
/// or their clients, wait on here; those that ran are ended. A turn that this service has opened itself is among them
/// if nobody ever knew of its opening commit, or of the commit that let it run; else its session would stay busy.
/// </summary>
internal sealed class TurnTakeover(
    IChatStore store, ModelCatalogue models, TurnRegistry turns, TurnRecovery recovery, Incarnation incarnation,
    Drain drain, TimeProvider time, ILogger<TurnTakeover> logger)
{
    // Each takes a few round trips, and at the start nobody is served before the last of them.
    private const int AtOnce = 8;

    /// <param name="ended">Gets the streams that had run, and were ended.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <exception cref="StoreException">The store cannot be reached: it may be done again from the start.</exception>
    public async Task RunAsync(List<string> ended, CancellationToken cancellationToken)
    {
        var cut = new List<StreamRecord>();
        foreach (var turn in await store.TakeOverAsync(incarnation.Id, cancellationToken))
        {
            var (tenant, streamId) = (turn.Stream.TenantId, turn.Stream.StreamId);
            if (turns.Find(tenant, streamId) is { } here)
            {
                PromoteIfItRuns(here, turn.Stream);
            }
            else if (turn.Stream.State == StreamState.Running)
            {
                cut.Add(turn.Stream);
            }
            else
            {
                await AdoptAsync(turn, cancellationToken);
            }
        }

        foreach (var some in cut.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(stream => EndAsync(stream, ended, cancellationToken)));
        }

        foreach (var promoted in drain.HasBegun ? [] : await store.PromoteQueuedAsync(cancellationToken))
        {
            turns.Promote(promoted);
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

    private async Task AdoptAsync(StoredTurn stored, CancellationToken cancellationToken)
    {
        var stream = stored.Stream;
        if (models.Find(stream.Model) is not { } model)
        {
            var failure = TurnEnding.Failed(StartFailures.ModelNotFound(stream.Model, models));
            _ = await recovery.EndAsync(stream, stream.Epoch, failure, promotesNext: false, cancellationToken);
            return;
        }

        var isWaiting = stream.State == StreamState.Waiting;
        var earlier = isWaiting ? await ReadAsync(stream, cancellationToken) : null;
        if (!await IsLeftAsync(stream, cancellationToken))
        {
            return;
        }

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

        turns.Begin(turn);
    }

    private async Task<EarlierTurn> ReadAsync(StreamRecord stream, CancellationToken cancellationToken) => new(
        await store.ReadStepsAsync(stream.TenantId, stream.StreamId, cancellationToken),
        AnswerReplay.Of(await recovery.ReadAllAsync(stream, cancellationToken)));

    private async Task EndAsync(StreamRecord stream, List<string> ended, CancellationToken cancellationToken)
    {
        if (!await IsLeftAsync(stream, cancellationToken))
        {
            return;
        }

        try
        {
            var (hasEnded, next) = await recovery.EndAsync(
                stream, stream.Epoch, TurnEnding.Interrupted(), promotesNext: !drain.HasBegun, cancellationToken);
            turns.Promote(next ?? "");
            lock (ended)
            {
                ended.AddRange(hasEnded ? [stream.StreamId] : []);
            }
        }
        catch (StoreException refusal) when (refusal.Refused)
        {
            // Its session stays busy; all the others need not wait for that.
            Log.SetAside(logger, stream.StreamId, refusal);
        }
    }

    // A turn is in the registry before it is in the store, and leaves it after its closing commit: what is read of it
    // after it was not found there holds.
    private async Task<bool> IsLeftAsync(StreamRecord stream, CancellationToken cancellationToken) =>
        turns.Find(stream.TenantId, stream.StreamId) is null
        && await store.FindStreamAsync(stream.TenantId, stream.StreamId, cancellationToken) is { } now
        && now.Epoch == stream.Epoch && now.State == stream.State;
}
