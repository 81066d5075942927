using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>Finds the turns that a watcher follows.</summary>
/// <param name="wake">The watcher's.</param>
internal sealed class TurnFollowing(IChatStore store, TurnRegistry turns, TurnReading reading, AsyncSignal wake)
{
    /// <param name="place">Where the watcher is; of interest if it has told of the turn before.</param>
    /// <returns>Null: the turn has just ended, and the session's next change tells it.</returns>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<FollowedTurn?> FindAsync(
        string tenantId, string streamId, WatchPlace place, CancellationToken cancellationToken)
    {
        if (turns.Find(tenantId, streamId) is not { } turn)
        {
            return null;
        }

        var known = new Resume { StreamId = streamId };
        if (place.StreamId == streamId)
        {
            known.Epoch = place.Epoch;
            known.AfterSequence = place.Sequence;
        }

        var info = await reading.DescribeRunningAsync(turn, known, cancellationToken);
        return new FollowedTurn(info, turn.Log, store, wake);
    }
}
