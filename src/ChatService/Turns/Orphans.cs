using System.Collections.Concurrent;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>What is open in the store and runs nowhere: how to tell it, and its end.</summary>
internal sealed class Orphans(
    IChatStore store, TurnRegistry turns, TurnRecovery recovery, ILogger<Orphans> logger)
{
    // Each takes a few round trips, and at the start nobody is served before the last of them.
    private const int AtOnce = 8;

    /// <summary>
    /// A turn is in the registry before it is in the store, and leaves it after its closing commit: what is read of it
    /// after it was not found there holds.
    /// </summary>
    public async Task<bool> IsLeftAsync(StreamRecord stream, CancellationToken cancellationToken) =>
        !turns.Has(stream)
        && await store.FindStreamAsync(stream.TenantId, stream.StreamId, cancellationToken) is { IsOpen: true } now
        && now.Epoch == stream.Epoch;

    /// <summary>
    /// Ends many. What waited for them is not let run by that: it may not be known here yet, and nobody else would know
    /// that nothing of it has begun.
    /// </summary>
    /// <param name="withdraws">
    /// In a new epoch, which withdraws what was shown beyond the last commit; what was taken over is in one already.
    /// </param>
    public async Task<OrphansEnded> EndAsync(
        IEnumerable<StreamRecord> streams, bool withdraws, CancellationToken cancellationToken)
    {
        var queue = new ConcurrentQueue<StreamRecord>(streams);
        var (seenTo, ended) = (new ConcurrentBag<StreamRecord>(), new ConcurrentBag<string>());
        var failures = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => EndSomeAsync()));
        return new OrphansEnded(
            [.. seenTo], [.. ended], Array.Find(failures, failure => failure is not null));

        // Where some could be ended the store is there, and those behind need not wait for one that it does not let go.
        async Task<Exception?> EndSomeAsync()
        {
            Exception? failure = null;
            while ((failure is null || !seenTo.IsEmpty) && queue.TryDequeue(out var stream))
            {
                try
                {
                    await GuardAsync(stream, () => EndAsync(stream));
                    seenTo.Add(stream);
                }
                catch (Exception late) when (late is StoreException or OperationCanceledException)
                {
                    failure = late;
                }
            }

            return failure;
        }

        async Task EndAsync(StreamRecord stream)
        {
            // Of what was taken over the epoch tells when it is written.
            if (turns.Has(stream) || (withdraws && !await IsLeftAsync(stream, cancellationToken)))
            {
                return;
            }

            var (hasEnded, _) = await recovery.EndAsync(
                stream, withdraws ? stream.Epoch + 1 : stream.Epoch, TurnEnding.Interrupted(), promotesNext: false,
                cancellationToken);
            if (hasEnded)
            {
                ended.Add(stream.StreamId);
            }
        }
    }

    /// <summary>Does something for one; if it fails, its session stays busy, and the others need not wait.</summary>
    public async Task GuardAsync(StreamRecord stream, Func<Task> work)
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
