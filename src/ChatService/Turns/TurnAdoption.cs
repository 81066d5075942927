using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Takes on the turns that waited when an earlier process stopped: for their sessions, or for their clients.
/// </summary>
internal sealed class TurnAdoption(
    IChatStore store, StoreWaiting waiting, ModelCatalogue models, TurnRegistry turns, TurnRecovery recovery,
    Drain drain, TimeProvider time)
{
    private bool _isPromotionDoubted;

    /// <exception cref="StoreException">The store refuses.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Done late, it would take from this process what it had already taken on.
        var taken = await waiting.AskAsync(store.TakeOnWaitingAsync, harmsLater: true, cancellationToken);
        foreach (var (stream, request) in taken)
        {
            var earlier = await waiting.AskAsync(token => ReadAsync(stream, token), cancellationToken);
            if (await AddAsync(stream, request, earlier, cancellationToken) is { } turn)
            {
                // Before the service takes calls, and before anything is read: its client may answer at once.
                turn.ClientCalls.Restore(earlier.Steps, stream.LastSequence);
                turn.BeginWaiting(drain);
                turn.Promote();
                turns.Begin(turn);
            }
        }

        var queue = new List<StreamRecord>();
        foreach (var (stream, request) in await waiting.AskAsync(store.ListQueuedAsync, cancellationToken))
        {
            if (await AddAsync(stream, request, earlier: null, cancellationToken) is { } queued)
            {
                turns.Begin(queued);
                queue.Add(stream);
            }
        }

        // A commit of the process that died may just have let one run on that had waited.
        await recovery.RunAsync(
            stream => turns.Find(stream.TenantId, stream.StreamId) is not null, cancellationToken);

        // Done late, it would let a turn run in the store, and nobody would know.
        await waiting.AskAsync(token => PromoteAsync(queue, token), harmsLater: true, cancellationToken);
    }

    private async Task<EarlierTurn> ReadAsync(StreamRecord stream, CancellationToken cancellationToken) => new(
        await store.ReadStepsAsync(stream.TenantId, stream.StreamId, cancellationToken),
        AnswerReplay.Of(await recovery.ReadAllAsync(stream, cancellationToken)));

    private async Task PromoteAsync(List<StreamRecord> queue, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var promoted in await store.PromoteQueuedAsync(cancellationToken))
            {
                turns.Promote(promoted);
            }
        }
        catch (StoreException failure) when (failure.OutcomeUnknown)
        {
            _isPromotionDoubted = true;
            throw;
        }

        // What an earlier try has promoted nobody was told.
        foreach (var stream in _isPromotionDoubted ? queue : [])
        {
            if (await store.FindStreamAsync(stream.TenantId, stream.StreamId, cancellationToken) is
                { State: StreamState.Running })
            {
                turns.Promote(stream.StreamId);
            }
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
        _ = await waiting.AskAsync(
            token => recovery.EndAsync(stream, failure, promotesNext: false, token), cancellationToken);
        return null;
    }
}
