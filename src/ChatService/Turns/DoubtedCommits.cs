using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Finds out what came of a write of which nobody knows whether it was committed. It was tried again, unchanged, and
/// fenced: the stream's row tells whether its own first try or another owner was before it.
/// </summary>
internal static class DoubtedCommits
{
    /// <exception cref="StoreException">The store is away again: it has to be tried once more.</exception>
    public static async Task<WriteResult> SettleAsync(IChatStore store, Turn turn, TurnWrite write)
    {
        var stream = turn.Record;
        var now = await store.FindStreamAsync(stream.TenantId, stream.StreamId, CancellationToken.None);
        if (now is null || !IsResult(now, write))
        {
            return new WriteResult(WriteOutcome.Fenced);
        }

        var promoted = write.Closing is { PromotesNext: true }
            ? await FindRunningAsync(store, stream, CancellationToken.None)
            : null;
        return new WriteResult(WriteOutcome.Committed, promoted);
    }

    /// <summary>What a closing commit has let run, if nobody was told; null: nothing runs in the session.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public static async Task<string?> FindRunningAsync(
        IChatStore store, StreamRecord ended, CancellationToken cancellationToken)
    {
        var open = await store.ListSessionStreamsAsync(ended.TenantId, ended.SessionId, cancellationToken);
        return open.FirstOrDefault(stream => stream.State == Chat.V1.StreamState.Running)?.StreamId;
    }

    // An epoch has one writer, which tries nothing else before it knows: what is there, up to this place, is its own.
    private static bool IsResult(StreamRecord now, TurnWrite write) =>
        now.Epoch == write.NewEpoch && now.LastSequence == write.LastSequence
        && (write.Closing is { } closing ? now.State == closing.State : now.IsOpen);
}
