using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>A running turn as one watcher follows it: session_info, then its events as far as there are.</summary>
internal sealed class FollowedTurn : IDisposable
{
    private readonly SessionInfo _info;
    private readonly TurnLog _log;
    private readonly LogCursor _cursor;
    private readonly AsyncSignal _wake;
    private bool _isIntroduced;

    /// <param name="wake">Set when there may be more.</param>
    public FollowedTurn(string tenantId, SessionInfo info, TurnLog log, IChatStore store, AsyncSignal wake)
    {
        _info = info;
        _log = log;
        _cursor = new LogCursor(tenantId, info.StreamId, log, store, info.ResumedAfter);
        _wake = wake;
        log.AddReader(wake);
    }

    public string StreamId => _info.StreamId;

    public long Epoch => _info.Epoch;

    /// <summary>The last event that was given.</summary>
    public long Sequence => _cursor.Sequence;

    /// <summary>No more events will come: all were given, or the rest is lost and the message tells it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Null: nothing now.</summary>
    /// <exception cref="StoreException">What memory holds no more cannot be read; it may be tried again.</exception>
    public async ValueTask<TurnEvent?> NextAsync(CancellationToken cancellationToken)
    {
        if (!_isIntroduced)
        {
            _isIntroduced = true;
            return Event(new StreamChatResponse { SessionInfo = _info });
        }

        switch (await _cursor.MoveNextAsync(cancellationToken))
        {
            case LogPosition.Event:
                return Event(_cursor.Current!);
            case LogPosition.Ended or LogPosition.Lost:
                IsOver = true;
                return null;
            default:
                return null;
        }
    }

    public void Dispose() => _log.RemoveReader(_wake);

    private TurnEvent Event(StreamChatResponse given) =>
        new() { StreamId = _info.StreamId, MessageId = _info.MessageId, Event = given };
}
