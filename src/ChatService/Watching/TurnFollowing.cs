using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>A turn, and where its events come.</summary>
/// <param name="RunsHere">The log is its owner's, and not one that follows what is committed.</param>
internal sealed record FoundTurn(StreamRecord Stream, TurnLog Log, bool RunsHere);

/// <summary>Finds the turns that a watcher follows, wherever they run.</summary>
/// <param name="wake">The watcher's.</param>
internal sealed class TurnFollowing(
    IChatStore store, TurnRegistry turns, TurnFollower follower, TurnReading reading, AsyncSignal wake)
{
    /// <summary>Null: nothing of it can be read any more; the session's next change tells what came of it.</summary>
    /// <param name="place">Where the watcher is; of interest if it has told of the turn before.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<FollowedTurn?> FindAsync(
        string tenantId, string streamId, WatchPlace place, CancellationToken cancellationToken) =>
        await LookAsync(
            tenantId, streamId, place.StreamId == streamId ? place.Epoch : 0, cancellationToken) is { } found
            ? new FollowedTurn(found, this, wake)
            : null;

    /// <summary>Where the turn is now. Null: as of the other.</summary>
    /// <param name="epoch">The watcher has told of this one.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<FoundTurn?> LookAsync(
        string tenantId, string streamId, long epoch, CancellationToken cancellationToken)
    {
        // One that was lost here may still be known here, and go on elsewhere: this process may not even have heard.
        if (turns.Find(tenantId, streamId) is { Log.Failure: null } turn && epoch <= turn.Record.Epoch)
        {
            var state = turn.Log.FinalState ?? turn.OpenState;
            return new FoundTurn(turn.Record with { State = state }, turn.Log, RunsHere: true);
        }

        return await store.FindStreamAsync(tenantId, streamId, cancellationToken) switch
        {
            { IsOpen: true } running => new FoundTurn(running, follower.Follow(running), RunsHere: false),

            // It has ended just now: who was told that it runs is told how it went.
            { HasLog: true } ended => new FoundTurn(ended, TurnLog.Ended(ended), RunsHere: false),
            _ => null,
        };
    }

    /// <param name="place">Where the watcher is; of interest if it has told of the turn before.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public Task<SessionInfo> DescribeAsync(FoundTurn found, WatchPlace place, CancellationToken cancellationToken)
    {
        var known = new Resume { StreamId = found.Stream.StreamId };
        if (place.StreamId == known.StreamId)
        {
            known.Epoch = place.Epoch;
            known.AfterSequence = place.Sequence;
        }

        // What its owner has shown may be committed later, and is waited for. What is committed may have been told
        // elsewhere before its owner hears of its commit.
        var last = found.RunsHere ? found.Log.LastSequence : long.MaxValue;
        return reading.DescribeAsync(found.Stream, last, known, cancellationToken);
    }

    public LogCursor Read(FoundTurn found, long afterSequence) =>
        new(found.Stream.TenantId, found.Stream.StreamId, found.Log, store, afterSequence);
}
