using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;
using Simulation.Tests.Checking;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.Store;

/// <summary>
/// The way of one process to the store: calls take their time, wait for each other, and fail as the seed says. What is
/// under way when the process dies has taken effect or has not.
/// </summary>
internal sealed partial class UnreliableStore(
    MemoryStore store, StoreTrouble trouble, StoreLink link, CommitRules rules, LeaseRules leases, Outages outages,
    HintNetwork hints, Chance chance, SimulatedClock clock, SimulatedClock worldClock, Trace trace)
    : IChatStore
{
    /// <summary>Another process has the store: no turns are opened or taken over from here any more.</summary>
    public bool TakesNoTurns { get; set; }

    public bool IsShared => store.IsShared;

    public Task PrepareAsync(CancellationToken cancellationToken) =>
        CallAsync("prepare", writes: false, PrepareAsync, _ => "", cancellationToken);

    public Task<OpenResult> OpenTurnAsync(NewTurn turn, CancellationToken cancellationToken) => TakesNoTurns
        ? Task.FromException<OpenResult>(Away())
        : CallAsync("open", NextOpening(turn), writes: true, () => OpenAsync(turn), Told, cancellationToken);

    public Task<IReadOnlyList<WriteResult>> CommitAsync(
        IReadOnlyList<TurnWrite> batch, CancellationToken cancellationToken)
    {
        // The caller's list is its own again as soon as it has heard something.
        TurnWrite[] writes = [.. batch];
        var what = $"commit {string.Join(", ", writes.Select(Told))}";
        return outages.ObserveAsync(writes.Any(IsRefused)
            ? CallAsync(what, writes: true, Refuse<IReadOnlyList<WriteResult>>, _ => "refused", cancellationToken)
            : CallAsync(
                what,
                writes: true,
                () => CheckedAsync(writes),
                results => string.Join(", ", results.Select(result => result.Outcome)),
                cancellationToken));
    }

    public Task<StreamRecord?> FindStreamAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) =>
        ReadAsync(() => store.FindStreamAsync(tenantId, streamId, cancellationToken), cancellationToken);

    public Task<StreamRecord?> FindStreamOfRequestAsync(
        string tenantId, string clientRequestId, CancellationToken cancellationToken) =>
        ReadAsync(
            () => store.FindStreamOfRequestAsync(tenantId, clientRequestId, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<StreamRecord>> ListSessionStreamsAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        ReadAsync(() => store.ListSessionStreamsAsync(tenantId, sessionId, cancellationToken), cancellationToken);

    public Task<long> FindFenceAsync(
        string tenantId, string streamId, long epoch, CancellationToken cancellationToken) =>
        ReadAsync(() => store.FindFenceAsync(tenantId, streamId, epoch, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<StreamChatResponse>> ReadEventsAsync(
        string tenantId, string streamId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            () => store.ReadEventsAsync(tenantId, streamId, afterSequence, limit, cancellationToken),
            cancellationToken);

    public Task<IReadOnlyList<FollowedStream>> FollowAsync(
        IReadOnlyList<FollowedPlace> places, CancellationToken cancellationToken) =>
        ReadAsync(() => store.FollowAsync(places, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<MessageRecord>> ReadBranchAsync(
        string tenantId, string sessionId, string messageId, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            () => store.ReadBranchAsync(tenantId, sessionId, messageId, limit, cancellationToken), cancellationToken);

    public Task<SessionRecord?> FindSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        ReadAsync(() => store.FindSessionAsync(tenantId, sessionId, cancellationToken), cancellationToken);

    public Task<SessionPage> ListSessionsAsync(
        string tenantId, SessionPlace? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => store.ListSessionsAsync(tenantId, after, limit, cancellationToken), cancellationToken);

    public Task<MessagePage?> ListMessagesAsync(
        string tenantId, string sessionId, MessageQuery query, CancellationToken cancellationToken) =>
        ReadAsync(() => store.ListMessagesAsync(tenantId, sessionId, query, cancellationToken), cancellationToken);

    public Task<SessionChanges?> ListChangesAsync(
        string tenantId, string sessionId, long afterRevision, CancellationToken cancellationToken) =>
        ReadAsync(
            () => store.ListChangesAsync(tenantId, sessionId, afterRevision, cancellationToken), cancellationToken);

    public Task<IReadOnlyDictionary<SessionKey, SessionVersion>> FindVersionsAsync(
        IReadOnlyCollection<SessionKey> sessions, CancellationToken cancellationToken) =>
        ReadAsync(() => store.FindVersionsAsync(sessions, cancellationToken), cancellationToken);

    public Task<SessionRecord?> RenameSessionAsync(
        string tenantId, string sessionId, string title, DateTimeOffset at, CancellationToken cancellationToken) =>
        CallAsync(
            "rename",
            writes: true,
            () => store.RenameSessionAsync(tenantId, sessionId, title, at, cancellationToken),
            _ => "",
            cancellationToken);

    public Task<BranchSelection> SelectBranchAsync(
        string tenantId, string sessionId, string messageId, CancellationToken cancellationToken) =>
        CallAsync(
            "select",
            writes: true,
            () => store.SelectBranchAsync(tenantId, sessionId, messageId, cancellationToken),
            _ => "",
            cancellationToken);

    public Task<ImportOutcome> ImportSessionAsync(NewSession session, CancellationToken cancellationToken) =>
        CallAsync(
            "import",
            writes: true,
            () => store.ImportSessionAsync(session, cancellationToken),
            outcome => $"{outcome}",
            cancellationToken);

    public Task<SearchPage> SearchAsync(
        string tenantId, SearchQuery query, CancellationToken cancellationToken) =>
        ReadAsync(() => store.SearchAsync(tenantId, query, cancellationToken), cancellationToken);

    public Task<DeleteResult> DeleteSessionAsync(
        string tenantId, string sessionId, CancellationToken cancellationToken) =>
        CallAsync(
            "delete",
            writes: true,
            () => store.DeleteSessionAsync(tenantId, sessionId, cancellationToken),
            result => $"{result.Outcome}",
            cancellationToken);

    public Task<IReadOnlyList<TurnStep>> ReadStepsAsync(
        string tenantId, string streamId, CancellationToken cancellationToken) =>
        ReadAsync(() => store.ReadStepsAsync(tenantId, streamId, cancellationToken), cancellationToken);

    public Task EnterAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        IsShared ? EnterAsync(incarnation, lease) : Task.CompletedTask;

    public Task<bool> RenewAsync(string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        IsShared ? RenewAsync(incarnation, lease) : Task.FromResult(true);

    public Task LeaveAsync(string incarnation, CancellationToken cancellationToken) => IsShared
        ? CallAsync(
            "leave",
            writes: true,
            () => LeaveAsync(incarnation),
            _ => trace.Alias(incarnation, "i"),
            cancellationToken)
        : Task.CompletedTask;

    // Where the store is one process's alone, what another one asked for is not done late.
    public Task<IReadOnlyList<StoredTurn>> TakeOverAsync(
        string incarnation, TimeSpan lease, CancellationToken cancellationToken) =>
        CallAsync(
            "take over",
            writes: true,
            () => TakeOverNowAsync(incarnation, lease),
            turns => string.Join(", ", turns.Select(turn => Name(turn.Stream.StreamId))),
            cancellationToken);

    public Task ReleaseAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken) =>
        CallAsync(
            "release",
            writes: true,
            async () =>
            {
                await store.ReleaseAsync(incarnation, waiting, cancellationToken);
                return waiting;
            },
            released => string.Join(", ", released.Select(Name)),
            cancellationToken);

    public Task<IReadOnlyList<StoredTurn>> ListOpenAsync(string incarnation, CancellationToken cancellationToken) =>
        TakesNoTurns
            ? Task.FromResult<IReadOnlyList<StoredTurn>>([])
            : ReadAsync(() => store.ListOpenAsync(incarnation, cancellationToken), cancellationToken);

    public Task<IReadOnlyDictionary<string, StreamState>> PromoteQueuedAsync(
        string incarnation, IReadOnlyList<string> waiting, CancellationToken cancellationToken) =>
        CallAsync(
            "promote",
            writes: true,
            () => store.PromoteQueuedAsync(incarnation, waiting, cancellationToken),
            own => string.Join(", ", own.Select(each => $"{Name(each.Key)} {each.Value}")),
            cancellationToken);

    public Task WishAsync(TurnWish wish, CancellationToken cancellationToken) =>
        CallAsync(
            "wish",
            writes: true,
            async () =>
            {
                await store.WishAsync(wish, CancellationToken.None);
                hints.TellWished(link.Place);
                return true;
            },
            _ => $"{wish.Kind} {Name(wish.StreamId)}",
            cancellationToken);

    public Task<IReadOnlyList<TurnWish>> TakeWishesAsync(string incarnation, CancellationToken cancellationToken) =>
        CallAsync(
            "take wishes",
            writes: true,
            () => store.TakeWishesAsync(incarnation, CancellationToken.None),
            wishes => string.Join(", ", wishes.Select(wish => $"{wish.Kind} {Name(wish.StreamId)}")),
            cancellationToken);

    public Task<int> ExpireLogsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        CallAsync(
            "expire",
            writes: true,
            () => store.ExpireLogsAsync(endedBefore, limit, cancellationToken),
            expired => $"{expired}",
            cancellationToken);

    private async Task<OpenResult> OpenAsync(NewTurn turn)
    {
        var result = await store.OpenTurnAsync(turn, CancellationToken.None);
        if (link.Place.IsDead && result.Outcome is (OpenOutcome.Opened or OpenOutcome.Queued))
        {
            rules.OpenedByDead(turn.Stream.StreamId);
        }

        hints.TellWritten(link.Place);
        return result;
    }

    private async Task<IReadOnlyList<StoredTurn>> TakeOverNowAsync(string incarnation, TimeSpan lease)
    {
        if (TakesNoTurns)
        {
            return [];
        }

        var owners = store.Streams.ToDictionary(stream => stream.Record.StreamId, stream => stream.Owner);
        var taken = await store.TakeOverAsync(incarnation, lease, CancellationToken.None);
        foreach (var stream in taken.Select(turn => turn.Stream))
        {
            leases.TookOver(stream, owners[stream.StreamId]);
            if (stream.State == StreamState.Running)
            {
                rules.TookOver(stream.StreamId);
            }
        }

        return taken;
    }

    private async Task<bool> PrepareAsync()
    {
        await store.PrepareAsync(CancellationToken.None);
        return true;
    }

    private async Task<IReadOnlyList<WriteResult>> CheckedAsync(IReadOnlyList<TurnWrite> writes)
    {
        var before = writes.Select(rules.StateOf).ToList();
        var owners = writes.Select(write => store.Find(write.StreamId)?.Owner).ToList();
        var results = await store.CommitAsync(writes, CancellationToken.None);
        foreach (var (i, write) in writes.Index())
        {
            if (results[i].Outcome == WriteOutcome.Committed)
            {
                leases.Committed(write, owners[i], link);
                leases.Promoted(results[i].PromotedStreamId, owners[i]);
                rules.Committed(write, before[i], link.Place);
            }
        }

        hints.TellWritten(link.Place);
        if (writes.Any(write => write.Closing is not null))
        {
            hints.TellWished(link.Place);
        }

        return results;
    }

    private bool IsRefused(TurnWrite write) =>
        write.NewEpoch == 1 && store.Find(write.StreamId) is { } stream && trouble.Refused.Contains(stream.UserText);

    private static Task<T> Refuse<T>() => Task.FromException<T>(
        new StoreException("The store refused the write.", new InvalidOperationException("It will not have it."))
        {
            Refused = true,
        });

    private string Name(string streamId) => trace.Alias(streamId, "s");

    private string Told(TurnWrite write)
    {
        var end = (write.Closing?.State ?? write.State) is { } state ? $" {state}" : "";
        return $"{Name(write.StreamId)}@{write.NewEpoch}[{write.FirstSequence}..{write.LastSequence}]{end}";
    }

    private string Told(OpenResult result) =>
        $"{result.Outcome} {(result.StreamId is "" ? "" : Name(result.StreamId))}";

    private static StoreException Away(bool isUnknown = false) =>
        new("The store is away.", new IOException("No disk.")) { OutcomeUnknown = isUnknown };
}
