using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Takes on the turns that waited when an earlier process stopped: for their sessions, or for their clients.
/// </summary>
internal sealed class TurnAdoption(
    IChatStore store, ModelCatalogue models, TurnRegistry turns, TurnRecovery recovery, Drain drain,
    TimeProvider time)
{
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (stream, request) in await store.TakeOnWaitingAsync(cancellationToken))
        {
            var earlier = new EarlierTurn(
                await store.ReadStepsAsync(stream.StreamId, cancellationToken),
                AnswerReplay.Of(await recovery.ReadAllAsync(stream.StreamId, cancellationToken)));
            if (await AddAsync(stream, request, earlier, cancellationToken) is { } turn)
            {
                // Before the service takes calls, and before anything is read: its client may answer at once.
                turn.ClientCalls.Restore(earlier.Steps, stream.LastSequence);
                turn.BeginWaiting(drain);
                turn.Promote();
                turns.Begin(turn);
            }
        }

        foreach (var (stream, request) in await store.ListQueuedAsync(cancellationToken))
        {
            if (await AddAsync(stream, request, earlier: null, cancellationToken) is { } queued)
            {
                turns.Begin(queued);
            }
        }

        foreach (var promoted in await store.PromoteQueuedAsync(cancellationToken))
        {
            turns.Promote(promoted);
        }
    }

    // Null: its model is gone, and the turn has ended with that.
    private async Task<Turn?> AddAsync(
        StreamRecord stream, StreamChatRequest request, EarlierTurn? earlier, CancellationToken cancellationToken)
    {
        if (models.Find(stream.Model) is { } model)
        {
            var ago = time.GetUtcNow() - stream.CreatedAt;
            var arrived = time.GetTimestamp() - (long)(ago.TotalSeconds * time.TimestampFrequency);
            return turns.Add(stream, request, model, arrived, earlier);
        }

        var failure = TurnEnding.Failed(StartFailures.ModelNotFound(stream.Model, models));
        _ = await recovery.EndAsync(stream, failure, promotesNext: false, cancellationToken);
        return null;
    }
}
