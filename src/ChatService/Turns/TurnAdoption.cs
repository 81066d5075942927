using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Takes on the turns that waited for their sessions when an earlier process stopped.</summary>
internal sealed class TurnAdoption(
    IChatStore store, ModelCatalogue models, TurnRegistry turns, TurnRecovery recovery, TimeProvider time)
{
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (stream, request) in await store.ListQueuedAsync(cancellationToken))
        {
            if (models.Find(stream.Model) is { } model)
            {
                turns.Begin(turns.Add(stream, request, model, time.GetTimestamp()));
            }
            else
            {
                var failure = TurnEnding.Failed(StartFailures.ModelNotFound(stream.Model, models));
                _ = await recovery.EndAsync(stream, failure, promotesNext: false, cancellationToken);
            }
        }

        foreach (var promoted in await store.PromoteQueuedAsync(cancellationToken))
        {
            turns.Promote(promoted);
        }
    }
}
