using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Watching;

/// <summary>
/// One session as one watcher sees it. What changes is read from the store by the session's revision; the events of the
/// turn that runs, of which a session has one at most, come from its log. An answer's final message waits until the
/// events of its turn were told, and all that changed after it waits behind it.
/// </summary>
internal sealed class SessionWatch : IDisposable
{
    // A message that came with images may be larger; it comes alone then.
    private const long MaxPageBytes = 1024 * 1024;
    private const int Page = 200;

    private readonly int _index;
    private readonly IChatStore _store;
    private readonly TurnFollowing _following;
    private readonly SessionSubscription _subscription;
    private WatchPlace _place;
    private WatchPlace? _toldPlace;
    private SessionRecord? _session;
    private long? _openOrdinal;
    private bool _isBeginning;
    private bool _hasMore = true;
    private bool _isHeld;
    private FollowedTurn? _turn;

    public SessionWatch(
        int index, WatchStart start, SessionSubscription subscription, IChatStore store, TurnFollowing following)
    {
        _index = index;
        _subscription = subscription;
        _store = store;
        _following = following;
        _isBeginning = start.After is null;
        _place = start.After ?? WatchPlace.None;
        _toldPlace = start.After;
    }

    /// <summary>There may be changes to read.</summary>
    public bool HasNews => _hasMore || _subscription.IsChanged || (_isHeld && _turn is not { IsOver: false });

    /// <summary>The last event was not to be had without the store, which could not be read.</summary>
    public bool NeedsStore { get; private set; }

    /// <summary>What has changed, or the next of it; at most about 1 MiB or one message.</summary>
    /// <exception cref="StoreException">The store cannot be read; it may be tried again.</exception>
    public async Task<IReadOnlyList<SessionUpdate>> ReadChangesAsync(CancellationToken cancellationToken)
    {
        _hasMore = true;
        _isHeld = false;
        _subscription.TakeChanged();
        return _isBeginning ? await BeginAsync(cancellationToken) : await CatchUpAsync(cancellationToken);
    }

    /// <summary>The next event of the turn that runs; null: none now.</summary>
    /// <exception cref="StoreException">The store cannot be read; it may be tried again.</exception>
    public async ValueTask<SessionUpdate?> NextEventAsync(CancellationToken cancellationToken)
    {
        NeedsStore = true;
        var next = _turn is { IsOver: false } ? await _turn.NextAsync(_place, cancellationToken) : null;
        NeedsStore = false;
        if (next is null)
        {
            return null;
        }

        _place = _place with { StreamId = next.StreamId, Epoch = _turn!.Epoch, Sequence = _turn.Sequence };
        return Tell(new SessionUpdate(_index) { Event = next });
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _turn?.Dispose();
    }

    // Who knows nothing begins with the messages whose turns are open. There is no going on in their middle: their
    // revisions are older than the place from which changes are told.
    private async Task<IReadOnlyList<SessionUpdate>> BeginAsync(CancellationToken cancellationToken)
    {
        var query = new MessageQuery(_openOrdinal, NewestFirst: false, Page, MaxPageBytes) { OfOpenTurns = true };
        var page = await _store.ListMessagesAsync(
            _subscription.TenantId, _subscription.SessionId, query, cancellationToken);
        if (page is null || (_session is not null && _session.CreatedAt != page.Session.CreatedAt))
        {
            _isBeginning = false;
            return [];
        }

        var updates = new List<SessionUpdate>(page.Messages.Count + 1);
        var place = new WatchPlace((_session ?? page.Session).Revision, CreatedAt(page.Session));
        if (_session is null)
        {
            _place = page.Messages.Count == 0 ? place : _place;
            TellSession(page.Session, updates);
        }

        for (var i = 0; i < page.Messages.Count; i++)
        {
            _openOrdinal = page.Messages[i].Ordinal;
            _place = !page.HasMore && i == page.Messages.Count - 1 ? place : _place;
            updates.Add(Tell(new SessionUpdate(_index) { Message = page.Messages[i] }));
        }

        _isBeginning = page.HasMore;
        return updates;
    }

    private async Task<IReadOnlyList<SessionUpdate>> CatchUpAsync(CancellationToken cancellationToken)
    {
        var changes = await _store.ListChangesAsync(
            _subscription.TenantId, _subscription.SessionId, _place.Revision, cancellationToken);
        _subscription.Seen = changes?.Session.Version ?? SessionVersion.None;
        if (IsGone(changes?.Session))
        {
            return TellGone();
        }

        // Before anything is told: when it cannot be found, all of it is read again. And found now, it can be read
        // however long it takes to tell what comes before.
        var running = await FindRunningAsync(changes, cancellationToken);
        var updates = new List<SessionUpdate>();
        if (changes is not null)
        {
            TellChanges(changes, updates);
        }

        if (running is not null)
        {
            _turn?.Dispose();
            _turn = running;
        }

        _hasMore = !_isHeld && changes is { HasMore: true };
        return updates;
    }

    // The turn before it is over, or what follows waits behind it.
    private async Task<FollowedTurn?> FindRunningAsync(SessionChanges? changes, CancellationToken cancellationToken) =>
        changes is { HasMore: false, Session.RunningStreamId: { } running } && _turn is not { IsOver: false }
        && _turn?.StreamId != running
            ? await _following.FindAsync(_subscription.TenantId, running, _place, cancellationToken)
            : null;

    private void TellChanges(SessionChanges changes, List<SessionUpdate> updates)
    {
        var session = changes.Session;
        if (_session is null)
        {
            _place = _place with { SessionCreatedAt = CreatedAt(session) };
            TellSession(session, updates);
        }

        for (var i = 0; i < changes.Messages.Count; i++)
        {
            var message = changes.Messages[i];
            if (IsFinalOf(_turn?.StreamId, message) && !LeaveTurn())
            {
                return;
            }

            _place = IsFinalOf(_place.StreamId, message) ? _place.WithoutTurn() : _place;

            // Messages of one revision are told together: there is no going on between them.
            var isLast = i == changes.Messages.Count - 1 || changes.Messages[i + 1].Revision > message.Revision;
            _place = isLast ? _place with { Revision = message.Revision } : _place;
            updates.Add(Tell(new SessionUpdate(_index) { Message = message }));
        }

        if (!changes.HasMore)
        {
            _place = _place with { Revision = session.Revision };
            TellSession(session, updates);
        }
    }

    private IReadOnlyList<SessionUpdate> TellGone()
    {
        if (!LeaveTurn())
        {
            _hasMore = false;
            return [];
        }

        _place = WatchPlace.None;
        _session = null;
        return [Tell(new SessionUpdate(_index) { IsDeleted = true })];
    }

    // False: it has events to tell, and what comes after it waits.
    private bool LeaveTurn()
    {
        _isHeld = _turn is { IsOver: false };
        if (!_isHeld)
        {
            _turn?.Dispose();
            _turn = null;
        }

        return !_isHeld;
    }

    private void TellSession(SessionRecord session, List<SessionUpdate> updates)
    {
        var known = _session;
        _session = session;
        if (known is null || known.Title != session.Title || known.HeadMessageId != session.HeadMessageId
            || known.RunningStreamId != session.RunningStreamId)
        {
            updates.Add(Tell(new SessionUpdate(_index) { Session = session }));
        }
    }

    private SessionUpdate Tell(SessionUpdate update)
    {
        if (_place == _toldPlace || (_isBeginning && _place == WatchPlace.None))
        {
            return update;
        }

        _toldPlace = _place;
        return update with { Place = _place };
    }

    // The session that the watcher knows, not another one that has come under its id.
    private bool IsGone(SessionRecord? session)
    {
        var known = _session is null ? _place.SessionCreatedAt : CreatedAt(_session);
        return known != WatchPlace.None.SessionCreatedAt
            && (session is null || CreatedAt(session) != known || session.Revision < _place.Revision);
    }

    private static bool IsFinalOf(string? streamId, ListedMessage message) =>
        message.StreamId == streamId
        && message.Message is
        {
            Role: MessageRole.Assistant, Status: not (StreamState.Queued or StreamState.Running
            or StreamState.Waiting)
        };

    private static long CreatedAt(SessionRecord session) => session.CreatedAt.ToUnixTimeMilliseconds();
}
