using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Ends turns that somebody wants ended, whoever started them.</summary>
internal sealed class TurnCancelling(IChatStore store, TurnRegistry turns)
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
        var here = open.Reverse().Select(stream => turns.Find(tenantId, stream.StreamId)).OfType<Turn>().ToList();
        await turns.EndAsync(here, StopCause.Cancelled, cancellationToken);

        // A service that stops leaves those that wait to the next one: then the session's turns have not ended.
        var left = await store.ListSessionStreamsAsync(tenantId, sessionId, cancellationToken);
        return left.FirstOrDefault(
                stream => stream.IsOpen && open.Any(before => before.StreamId == stream.StreamId))
            ?? await store.FindStreamAsync(tenantId, open[^1].StreamId, cancellationToken);
    }

    /// <summary>Ends a turn whose reader is gone, if it is open. Does not wait.</summary>
    public void Abandon(string tenantId, string streamId) =>
        turns.Find(tenantId, streamId)?.Stop.TryStop(StopCause.ClientGone);

    private async Task<StreamRecord?> CancelStreamAsync(
        string tenantId, string streamId, CancellationToken cancellationToken)
    {
        if (turns.Find(tenantId, streamId) is { } turn)
        {
            await turns.EndAsync([turn], StopCause.Cancelled, cancellationToken);
        }

        return await store.FindStreamAsync(tenantId, streamId, cancellationToken);
    }
}
