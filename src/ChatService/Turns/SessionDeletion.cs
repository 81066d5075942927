using ChatGrpc.Model;
using ChatGrpc.Storage;
using Google.Rpc;

namespace ChatGrpc.Turns;

/// <summary>Deletes sessions, and ends what runs in them first.</summary>
internal sealed class SessionDeletion(IChatStore store, TurnCancelling cancelling, SessionSignals signals)
{
    // Each try ends the turn that runs; only who sends into the session again at once, each time, is in the way longer.
    private const int Tries = 5;

    /// <returns>Why the session is still there; null: it is gone.</returns>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<Failure?> RunAsync(string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        var isInDoubt = false;
        for (var attempt = 1; ; attempt++)
        {
            DeleteResult result;
            try
            {
                result = await store.DeleteSessionAsync(tenantId, sessionId, cancellationToken);
            }
            catch (StoreException failure) when (failure.OutcomeUnknown && attempt < Tries)
            {
                // Then it may be gone, and is not found the next time.
                isInDoubt = true;
                continue;
            }

            switch (result.Outcome)
            {
                case DeleteOutcome.Deleted:
                case DeleteOutcome.NotFound when isInDoubt:
                    signals.Changed(tenantId, sessionId);
                    return null;
                case DeleteOutcome.NotFound:
                    return NotFound;
                case DeleteOutcome.SessionBusy when attempt == Tries:
                    return Busy(result.StreamId);
                case DeleteOutcome.SessionBusy:
                    _ = await cancelling.CancelSessionAsync(tenantId, sessionId, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Also of another tenant's session: who asks learns nothing of it.</summary>
    public static Failure NotFound => new(Code.NotFound, "SESSION_NOT_FOUND", "There is no such session.");

    private static Failure Busy(string streamId) => new(
        Code.Aborted, "SESSION_BUSY", "The session gets one message after the other: delete it when that has ended.")
    {
        Retryable = true,
        Metadata = new Dictionary<string, string> { ["stream_id"] = streamId },
    };
}
