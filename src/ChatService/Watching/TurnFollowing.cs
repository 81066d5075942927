using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>Finds the turns that a watcher follows.</summary>
/// <param name="wake">The watcher's.</param>
internal sealed class TurnFollowing(IChatStore store, TurnRegistry turns, TurnReading reading, AsyncSignal wake)
{
    /// <summary>Null: the turn has just ended, and the session's next change tells it.</summary>
    public Turn? Find(string tenantId, string streamId) => turns.Find(tenantId, streamId);

    /// <param name="place">Where the watcher is; of interest if it has told of the turn before.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<FollowedTurn> BeginAsync(Turn turn, WatchPlace place, CancellationToken cancellationToken)
    {
        var known = new Resume { StreamId = turn.Record.StreamId };
        if (place.StreamId == known.StreamId)
        {
            known.Epoch = place.Epoch;
            known.AfterSequence = place.Sequence;
        }

        var info = await reading.DescribeRunningAsync(turn, known, cancellationToken);
        return new FollowedTurn(turn.Record.TenantId, info, turn.Log, store, wake);
    }
}
