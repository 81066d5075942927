using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Storage;

/// <summary>What every store must do; a class for each store inherits it.</summary>
public abstract partial class ChatStoreContract : IAsyncLifetime
{
    private IChatStore _store = null!;

    /// <summary>A store that holds nothing.</summary>
    private protected abstract Task<IChatStore> OpenEmptyAsync();

    /// <summary>Lets go of the store as its process would, and opens what it left.</summary>
    private protected abstract Task<IChatStore> ReopenAsync();

    private protected abstract Task<RowCounts> CountAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await OpenEmptyAsync();
        await _store.EnterAsync(Sample.Owner, TimeSpan.FromHours(1), CancellationToken.None).InTime();
    }

    public abstract ValueTask DisposeAsync();

    private async Task<NewTurn> OpenedAsync(string session = "session", string tenant = Sample.Tenant)
    {
        var turn = Sample.Turn(session, tenant);
        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(turn)).Outcome);
        return turn;
    }

    /// <summary>A turn that has been answered.</summary>
    private async Task<NewTurn> AnsweredAsync(
        string session = "session", string parent = "", string text = "Hello", string answer = "An answer")
    {
        var turn = Sample.Turn(session, text: text) with { ParentMessageId = parent };
        Assert.Equal(OpenOutcome.Opened, (await OpenAsync(turn)).Outcome);
        Assert.Equal([WriteOutcome.Committed], await CommitAsync(Sample.Close(turn, 1, 1, answer)));
        return turn;
    }

    private Task<OpenResult> OpenAsync(NewTurn turn) =>
        _store.OpenTurnAsync(turn, CancellationToken.None).InTime();

    private async Task<WriteOutcome[]> CommitAsync(params TurnWrite[] writes) =>
        [.. (await _store.CommitAsync(writes, CancellationToken.None).InTime()).Select(result => result.Outcome)];

    private Task<StreamRecord?> FindAsync(NewTurn turn, string tenant = Sample.Tenant) =>
        _store.FindStreamAsync(tenant, turn.Stream.StreamId, CancellationToken.None).InTime();

    private async Task<StreamRecord> GetAsync(NewTurn turn, string tenant = Sample.Tenant)
    {
        var found = await FindAsync(turn, tenant);
        Assert.NotNull(found);
        return found;
    }

    private Task<IReadOnlyList<StreamChatResponse>> EventsAsync(
        NewTurn turn, long after = 0, int limit = int.MaxValue) =>
        _store.ReadEventsAsync(
            turn.Stream.TenantId, turn.Stream.StreamId, after, limit, CancellationToken.None).InTime();

    private Task<IReadOnlyList<MessageRecord>> BranchAsync(
        string messageId, int limit = 200, string session = "session", string tenant = Sample.Tenant) =>
        _store.ReadBranchAsync(tenant, session, messageId, limit, CancellationToken.None).InTime();

    private async Task<string[]> OpenAsync(StreamState state) =>
    [
        .. (await _store.ListOpenAsync(Sample.Owner, CancellationToken.None).InTime())
            .Where(turn => turn.Stream.State == state).Select(turn => turn.Stream.StreamId),
    ];

    private Task<IReadOnlyDictionary<string, StreamState>> PromoteAsync(params NewTurn[] waiting) =>
        _store.PromoteQueuedAsync(
            Sample.Owner, [.. waiting.Select(turn => turn.Stream.StreamId)], CancellationToken.None).InTime();

    private Task<string[]> RunningAsync() => OpenAsync(StreamState.Running);

    private static IEnumerable<string> Texts(IEnumerable<MessageRecord> messages) =>
        messages.Select(message => string.Concat(message.Parts.Select(part => part.Text)));
}
