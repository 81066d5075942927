using System.Collections.Concurrent;
using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

/// <summary>What becomes of a call, of which its caller learns nothing unless it is done.</summary>
internal enum Fate
{
    Done,
    DoneAndUnknown,
    NotDoneAndUnknown,
}

/// <summary>Stands before a real store: holds its commits back, or answers as a store that is away.</summary>
internal sealed class StoreGate(IChatStore store) : IChatStore
{
    private volatile TaskCompletionSource? _closed;
    private volatile bool _away;
    private volatile bool _down;
    private Exception? _unreadable;

    /// <summary>Other scenes have the store too, whatever it is.</summary>
    public bool IsShared { get; set; }

    /// <summary>Set when a commit arrives at the closed gate.</summary>
    public AsyncSignal Held { get; } = new();

    /// <summary>Set when a commit was refused.</summary>
    public AsyncSignal Refused { get; } = new();

    /// <summary>Set when it was tried to drop logs.</summary>
    public AsyncSignal Swept { get; } = new();

    /// <summary>Commits fail.</summary>
    public bool Away
    {
        get => _away;
        set => _away = value;
    }

    /// <summary>Everything else fails.</summary>
    public bool Down
    {
        get => _down;
        set => _down = value;
    }

    /// <summary>What becomes of the next writes of turns and sessions, one by one; none: as usual.</summary>
    public ConcurrentQueue<Fate> Fates { get; } = [];

    /// <summary>How often the store was asked to open a turn.</summary>
    public int Openings { get; private set; }

    /// <summary>How often it was asked to commit.</summary>
    public int Commits { get; private set; }

    /// <summary>PrepareAsync ends with this; null: well.</summary>
    public Exception? NotPrepared { get; set; }

    /// <summary>The stream of which the store takes nothing in its first epoch.</summary>
    public string RefusedStream { get; set; } = "";

    /// <summary>The next opening is the last thing that works.</summary>
    public bool BreaksAfterOpening { get; set; }

    /// <summary>Called when a turn is in the store and its caller does not know yet.</summary>
    public Func<Task> AfterOpening { get; set; } = () => Task.CompletedTask;

    /// <summary>Called with each new stream before that.</summary>
    public Action<string> Opened { get; set; } = _ => { };

    /// <summary>Called with each wish that it takes.</summary>
    public Action<TurnWish> Wished { get; set; } = _ => { };

    public Func<Task> BeforeDelete { get; set; } = () => Task.CompletedTask;

    /// <summary>Called with what each deletion came to, before its caller learns it.</summary>
    public Func<DeleteResult, Task> AfterDelete { get; set; } = _ => Task.CompletedTask;

    public void Close() => _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open()
    {
        var closed = _closed;
        _closed = null;
        closed?.TrySetResult();
    }

    public Task PrepareAsync(CancellationToken cancellationToken) =>
        NotPrepared is { } failure ? Task.FromException(failure) : store.PrepareAsync(cancellationToken);

    public async Task<OpenResult> OpenTurnAsync(NewTurn turn, CancellationToken cancellationToken)
    {
        Openings++;
        var opened = _down
            ? throw Failure()
            : await FatedAsync(() => store.OpenTurnAsync(turn, cancellationToken));
        _down = BreaksAfterOpening;
        Opened(opened.StreamId);
        await AfterOpening();
        return opened;
    }

    public async Task<IReadOnlyList<WriteResult>> CommitAsync(
        IReadOnlyList<TurnWrite> writes, CancellationToken cancellationToken)
    {
        Commits++;
        if (_closed is { } closed)
        {
            Held.Set();
            await closed.Task;
        }

        if (_away)
        {
            Refused.Set();
            throw Failure();
        }

        if (writes.Any(write => write.StreamId == RefusedStream && write.NewEpoch == 1))
        {
            throw new InvalidOperationException("What is in this batch nobody can encode.");
        }

        return await FatedAsync(() => store.CommitAsync(writes, cancellationToken));
    }

    public async Task<StreamRecord?> FindStreamAsync(
        string tenantId, string streamId, CancellationToken cancellationToken)
    {
        await BeforeFindStream();
        var found = Interlocked.Exchange(ref _unreadable, null) is { } unreadable ? throw unreadable
            : _down ? throw Failure()
            : await store.FindStreamAsync(tenantId, streamId, cancellationToken);
        await AfterFindStream();
        return found;
    }

    public Func<Task> BeforeFindStream { get; set; } = () => Task.CompletedTask;

    /// <summary>Called with a stream found, before its caller has it.</summary>
    public Func<Task> AfterFindStream { get; set; } = () => Task.CompletedTask;

    /// <summary>The next look at a stream ends with this.</summary>
    public void BreakNextLook(Exception failure) => _unreadable = failure;

    public Task<StreamRecord?> FindStreamOfRequestAsync(
        string tenantId, string clientRequestId, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.FindStreamOfRequestAsync(tenantId, clientRequestId, cancellationToken);

    public Task<IReadOnlyList<StreamRecord>> ListSessionStreamsAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.ListSessionStreamsAsync(tenantId, sessionId, cancellationToken);

    public Task<long> FindFenceAsync(
        string tenantId, string streamId, long epoch, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.FindFenceAsync(tenantId, streamId, epoch, cancellationToken);

    public Task<SessionChanges?> ListChangesAsync(
        string tenantId, string sessionId, long afterRevision, CancellationToken cancellationToken)
    {
        ReadsOfChanges++;
        return _down ? throw Failure() : store.ListChangesAsync(tenantId, sessionId, afterRevision, cancellationToken);
    }

    /// <summary>How often it was asked for what has changed.</summary>
    public int ReadsOfChanges { get; private set; }

    public Task<IReadOnlyList<TurnStep>> ReadStepsAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.ReadStepsAsync(tenantId, streamId, cancellationToken);

    /// <summary>The next renewal finds that the incarnation was taken for dead.</summary>
    public bool DeclaresDead { get; set; }

    public Task EnterAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.EnterAsync(incarnation, lease, cancellationToken);

    public async Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken)
    {
        Renewals++;
        await BeforeRenewal;
        if (_down)
        {
            throw Failure();
        }

        var isAlive = !DeclaresDead;
        DeclaresDead = false;
        return isAlive;
    }

    public int Renewals { get; private set; }

    public Task BeforeRenewal { get; set; } = Task.CompletedTask;

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.LeaveAsync(incarnation, cancellationToken);

    public Task ReleaseAsync(string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken)
    {
        Released.AddRange(waiting);
        return _down ? throw Failure() : store.ReleaseAsync(incarnation, waiting, cancellationToken);
    }

    /// <summary>The streams that were given away.</summary>
    public List<string> Released { get; } = [];

    public Task<IReadOnlyList<StoredTurn>> TakeOverAsync(
        string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.TakeOverAsync(incarnation, lease, cancellationToken);

    public Task<IReadOnlyList<StoredTurn>> ListOpenAsync(string incarnation, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.ListOpenAsync(incarnation, cancellationToken);

    public Task<IReadOnlyDictionary<string, StreamState>> PromoteQueuedAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.PromoteQueuedAsync(incarnation, waiting, cancellationToken);

    public async Task WishAsync(TurnWish wish, CancellationToken cancellationToken)
    {
        await (_down ? throw Failure() : store.WishAsync(wish, cancellationToken));
        Wished(wish);
    }

    public Task<IReadOnlyList<TurnWish>> TakeWishesAsync(string incarnation, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.TakeWishesAsync(incarnation, cancellationToken);

    public async Task<int> ExpireLogsAsync(
        DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return _down ? throw Failure() : await store.ExpireLogsAsync(endedBefore, limit, cancellationToken);
        }
        finally
        {
            Swept.Set();
        }
    }

    public Task<IReadOnlyList<StreamChatResponse>> ReadEventsAsync(
        string tenantId, string streamId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.ReadEventsAsync(tenantId, streamId, afterSequence, limit, cancellationToken);

    public async Task<IReadOnlyList<FollowedStream>> FollowAsync(
        IReadOnlyList<FollowedPlace> places, CancellationToken cancellationToken)
    {
        Looks++;
        var found = _down ? throw Failure() : await store.FollowAsync(places, cancellationToken);
        await AfterFollow();
        return found;
    }

    /// <summary>Called with what is followed, before its caller has it.</summary>
    public Func<Task> AfterFollow { get; set; } = () => Task.CompletedTask;

    /// <summary>How often it was asked for what is followed.</summary>
    public int Looks { get; private set; }

    public Task<IReadOnlyDictionary<SessionKey, SessionVersion>> FindVersionsAsync(
        IReadOnlyCollection<SessionKey> sessions, CancellationToken cancellationToken)
    {
        LooksAtSessions++;
        return _down ? throw Failure() : store.FindVersionsAsync(sessions, cancellationToken);
    }

    /// <summary>How often it was asked for what is watched.</summary>
    public int LooksAtSessions { get; private set; }

    public Task<IReadOnlyList<MessageRecord>> ReadBranchAsync(
        string tenantId, string sessionId, string messageId, int limit, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.ReadBranchAsync(tenantId, sessionId, messageId, limit, cancellationToken);

    public Task<SessionRecord?> FindSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.FindSessionAsync(tenantId, sessionId, cancellationToken);

    public Task<SessionPage> ListSessionsAsync(
        string tenantId, SessionPlace? after, int limit, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.ListSessionsAsync(tenantId, after, limit, cancellationToken);

    public Task<MessagePage?> ListMessagesAsync(
        string tenantId, string sessionId, MessageQuery query, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.ListMessagesAsync(tenantId, sessionId, query, cancellationToken);

    public Task<SessionRecord?> RenameSessionAsync(
        string tenantId, string sessionId, string title, DateTimeOffset at, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.RenameSessionAsync(tenantId, sessionId, title, at, cancellationToken);

    public Task<BranchSelection> SelectBranchAsync(
        string tenantId, string sessionId, string messageId, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.SelectBranchAsync(tenantId, sessionId, messageId, cancellationToken);

    public Task<ImportOutcome> ImportSessionAsync(NewSession session, CancellationToken cancellationToken) =>
        _down ? throw Failure() : FatedAsync(() => store.ImportSessionAsync(session, cancellationToken));

    public Task<SearchPage> SearchAsync(
        string tenantId, SearchQuery query, CancellationToken cancellationToken) =>
        _down ? throw Failure() : store.SearchAsync(tenantId, query, cancellationToken);

    public async Task<DeleteResult> DeleteSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        await BeforeDelete();
        var result = _down
            ? throw Failure()
            : await store.DeleteSessionAsync(tenantId, sessionId, cancellationToken);
        await AfterDelete(result);
        return result;
    }

    private async Task<T> FatedAsync<T>(Func<Task<T>> work)
    {
        if (!Fates.TryDequeue(out var fate) || fate == Fate.Done)
        {
            return await work();
        }

        if (fate == Fate.DoneAndUnknown)
        {
            _ = await work();
        }

        throw new StoreException("The store is away.", new IOException("Cut.")) { OutcomeUnknown = true };
    }

    private static StoreException Failure() => new("The store is away.", new IOException("No disk."));
}
