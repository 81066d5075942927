using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>
/// A turn as one watcher follows it: session_info, then its events as far as there are. When another process comes to
/// own it, it is found again, and session_info tells from where it goes on.
/// </summary>
internal sealed class FollowedTurn : IDisposable
{
    private readonly TurnFollowing _following;
    private readonly AsyncSignal _wake;
    private FoundTurn _found;
    private LogCursor? _cursor;
    private bool _isLost;

    /// <param name="wake">Set when there may be more.</param>
    public FollowedTurn(FoundTurn found, TurnFollowing following, AsyncSignal wake)
    {
        _following = following;
        _wake = wake;
        _found = found;
        _found.Log.AddReader(wake);
    }

    public string StreamId => _found.Stream.StreamId;

    public long Epoch => _found.Stream.Epoch;

    /// <summary>The last event that was given.</summary>
    public long Sequence => _cursor?.Sequence ?? 0;

    /// <summary>No more events will come: all were given, or the rest is lost and the message tells it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Null: nothing now.</summary>
    /// <param name="place">Where the watcher is; of interest if it has told of the turn before.</param>
    /// <exception cref="StoreException">What memory holds no more cannot be read; it may be tried again.</exception>
    public async ValueTask<TurnEvent?> NextAsync(WatchPlace place, CancellationToken cancellationToken)
    {
        if (_isLost)
        {
            await FindAgainAsync(cancellationToken);
        }

        if (IsOver)
        {
            return null;
        }

        if (_cursor is null)
        {
            var info = await _following.DescribeAsync(_found, place, cancellationToken);
            _cursor = _following.Read(_found, info.ResumedAfter);
            return Event(new StreamChatResponse { SessionInfo = info });
        }

        switch (await _cursor.MoveNextAsync(cancellationToken))
        {
            case LogPosition.Event:
                return Event(_cursor.Current!);
            case LogPosition.Lost when MayGoOn(_cursor.Failure):
                _isLost = true;
                return await NextAsync(place, cancellationToken);
            case LogPosition.Ended or LogPosition.Lost:
                IsOver = true;
                return null;
            default:
                return null;
        }
    }

    public void Dispose() => _found.Log.RemoveReader(_wake);

    // A turn that runs here and cannot be saved goes on here, but is not read on: its message tells the rest. One that
    // waits and is given away while this process stops goes on elsewhere.
    private bool MayGoOn(Failure? why) =>
        why == TurnFailures.OwnerLost
        || why == (_found.RunsHere ? TurnFailures.Stopping : TurnFailures.StoreAway);

    private async Task FindAgainAsync(CancellationToken cancellationToken)
    {
        var found = await _following.LookAsync(_found.Stream.TenantId, StreamId, Epoch, cancellationToken);
        (_isLost, IsOver) = (false, found is null);
        if (found is not null)
        {
            Dispose();
            (_found, _cursor) = (found, null);
            _found.Log.AddReader(_wake);
        }
    }

    private TurnEvent Event(StreamChatResponse given) =>
        new() { StreamId = StreamId, MessageId = _found.Stream.MessageId, Event = given };
}
