using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Ends turns that somebody wants ended, whoever started them.</summary>
internal sealed class TurnCancelling(IChatStore store, TurnRegistry turns, TurnsElsewhere elsewhere)
{
    /// <summary>Returns after the closing commits. Null: there is no such turn.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<StreamRecord?> CancelAsync(
        string tenantId, CancelStreamRequest request, CancellationToken cancellationToken) => request.TargetCase switch
        {
            CancelStreamRequest.TargetOneofCase.ClientRequestId =>
                await store.FindStreamOfRequestAsync(tenantId, request.ClientRequestId, cancellationToken) is { } sent
                    ? await CancelStreamAsync(tenantId, sent.StreamId, cancellationToken)
                    : null,
            CancelStreamRequest.TargetOneofCase.SessionId =>
                await CancelSessionAsync(tenantId, request.SessionId, cancellationToken),
            _ => await CancelStreamAsync(tenantId, request.StreamId, cancellationToken),
        };

    /// <summary>The newest turn of the session, when all have ended; or one that could not be ended here.</summary>
    public async Task<StreamRecord?> CancelSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        var open = await store.ListSessionStreamsAsync(tenantId, sessionId, cancellationToken);
        if (open.Count == 0)
        {
            return null;
        }

        // The newest first, so that none of them is promoted.
        await EndAsync(
            tenantId, [.. open.Reverse().Where(stream => stream.IsOpen).Select(stream => stream.StreamId)],
            cancellationToken);

        // A service that stops leaves those that wait to the next one: then the session's turns have not ended.
        var left = await store.ListSessionStreamsAsync(tenantId, sessionId, cancellationToken);
        return left.FirstOrDefault(
                stream => stream.IsOpen && open.Any(before => before.StreamId == stream.StreamId))
            ?? await store.FindStreamAsync(tenantId, open[^1].StreamId, cancellationToken);
    }

    /// <summary>
    /// Ends a turn whose reader is gone, if it is open. Does not wait. Where the service stops nobody can tell who is
    /// gone: it takes the connections away itself, and readers come back elsewhere.
    /// </summary>
    public void Abandon(string tenantId, string streamId)
    {
        if (turns.IsStopping)
        {
            return;
        }

        // Also one that is here may have become another's, of which this process has not heard yet.
        turns.Find(tenantId, streamId)?.Stop.TryStop(StopCause.ClientGone);
        _ = elsewhere.EndLaterAsync(tenantId, [streamId], WishKind.Abandon);
    }

    /// <summary>Ends turns, the newest first. Returns when all have been told, not when they have ended.</summary>
    public async Task InterruptAsync(string tenantId, IReadOnlyList<string> streamIds)
    {
        var (here, notHere) = await AnnouncedAsync(tenantId, streamIds);
        _ = elsewhere.EndLaterAsync(tenantId, notHere, WishKind.Cancel);
        foreach (var turn in here)
        {
            turn.Stop.TryStop(StopCause.Cancelled);
        }
    }

    private async Task<StreamRecord?> CancelStreamAsync(
        string tenantId, string streamId, CancellationToken cancellationToken)
    {
        await EndAsync(tenantId, [streamId], cancellationToken);
        return await store.FindStreamAsync(tenantId, streamId, cancellationToken);
    }

    private async Task EndAsync(
        string tenantId, IReadOnlyList<string> streamIds, CancellationToken cancellationToken)
    {
        var (here, notHere) = await AnnouncedAsync(tenantId, streamIds);
        await Task.WhenAll(
            elsewhere.EndAsync(tenantId, notHere, WishKind.Cancel, cancellationToken),
            turns.EndAsync(here, StopCause.Cancelled, cancellationToken));
    }

    // All hear of it before one ends, or its end would let another one run; also if who asked leaves.
    private async Task<(List<Turn> Here, List<string> NotHere)> AnnouncedAsync(
        string tenantId, IReadOnlyList<string> streamIds)
    {
        var here = streamIds.Select(streamId => turns.Find(tenantId, streamId)).OfType<Turn>().ToList();
        var notHere = streamIds.Except(here.Select(turn => turn.Record.StreamId)).ToList();
        if (here.Count > 0 && notHere.Count > 0)
        {
            await elsewhere.AnnounceEndAsync(tenantId, streamIds);
        }

        return (here, notHere);
    }
}
