using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Demo;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Tests.Turns;

/// <summary>
/// The real turns over the real embedded store and the real demo model. The clock is the test's; only the flusher
/// keeps its own time, or a commit would need the test's help.
/// </summary>
internal sealed class TurnScene : IAsyncDisposable
{
    public const string Tenant = "tenant";

    private readonly TemporaryFolder? _ownFolder;
    private readonly EmbeddedStore _store;
    private readonly TurnFlusher _flusher;
    private readonly LoggerFactory _loggers;
    private bool _errorsExpected;
    private bool _abandoned;

    /// <param name="folder">Left by an earlier scene; null: a new one.</param>
    public TurnScene(TurnOptions? options = null, string? folder = null)
    {
        _ownFolder = folder is null ? new TemporaryFolder() : null;
        _store = EmbeddedStore.Open(new StorageOptions { Path = folder ?? _ownFolder!.Path });
        _loggers = new LoggerFactory([Log]);
        Store = new StoreGate(_store);
        Model = new WatchedModel(new DemoProvider(Clock));
        Options = options ?? new TurnOptions();
        Recovery = new TurnRecovery(Store, Clock, new Logger<TurnRecovery>(_loggers));
        _flusher = new TurnFlusher(Store, Recovery, TimeProvider.System, new Logger<TurnFlusher>(_loggers));
        var boxed = Microsoft.Extensions.Options.Options.Create(Options);
        var runner = new TurnRunner(new AgentScript(Store, Clock), boxed, Clock, new Logger<TurnRunner>(_loggers));
        var catalogue = new ModelCatalogue(
            [new ModelEntry("demo", "demo-1", Model)], new DefaultModel("demo", "it is the only one"));
        Registry = new TurnRegistry(Store, catalogue, runner, _flusher, boxed, Clock);

        // At its zero a clock cannot tell a first text from none.
        Clock.Advance(TimeSpan.FromSeconds(1));
    }

    public ManualTimeProvider Clock { get; } = new();

    public ErrorLog Log { get; } = new();

    public TurnOptions Options { get; }

    public StoreGate Store { get; }

    public WatchedModel Model { get; }

    public TurnRegistry Registry { get; }

    public TurnRecovery Recovery { get; }

    public TurnFlusher Flusher => _flusher;

    public string Folder => _store.Folder;

    public async Task<Turn> StartAsync(StreamChatRequest request)
    {
        var started = await Registry.StartAsync(Tenant, request, CancellationToken.None).InTime();
        Assert.Null(started.Failure);
        return started.Turn!;
    }

    public Task<Turn> StartAsync(string message, string session = "session") =>
        StartAsync(new StreamChatRequest { Message = message, SessionId = session });

    public Reading Read(Turn turn, CancellationToken cancellationToken = default) =>
        new(Registry.OpenReader(turn), cancellationToken);

    /// <summary>Starts a turn that needs no clock, and reads it to its end.</summary>
    public async Task<Reading> AllAsync(string message, string session = "session") =>
        await Read(await StartAsync(message, session)).ToEndAsync();

    public async Task<StreamRecord> CancelAsync(Turn turn)
    {
        var record = await Registry.CancelAsync(Tenant, turn.Record.StreamId, CancellationToken.None).InTime();
        Assert.NotNull(record);
        return record;
    }

    public async Task<StreamRecord> StoredAsync(Turn turn) =>
        (await _store.FindStreamAsync(Tenant, turn.Record.StreamId, CancellationToken.None).InTime())!;

    public Task<IReadOnlyList<StreamChatResponse>> StoredEventsAsync(string streamId) =>
        _store.ReadEventsAsync(streamId, 0, int.MaxValue, CancellationToken.None).InTime();

    public Task<IReadOnlyList<MessageRecord>> StoredBranchAsync(StreamRecord stream) =>
        _store.ReadBranchAsync(Tenant, stream.SessionId, stream.MessageId, 200, CancellationToken.None).InTime();

    /// <summary>Lets the clock run, a tenth of a second at a time, while the others work, until that is done.</summary>
    public async Task PassTimeUntilAsync(Task done)
    {
        var limit = done.InTime();
        while (!limit.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await limit;
    }

    /// <summary>Lets the clock run second by second, and the others work between.</summary>
    public async Task PassTimeAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await Task.Run(() => { });
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Errors are what this test is about.</summary>
    public void ExpectErrors() => _errorsExpected = true;

    /// <summary>The flusher has been stopped, and what it could not save stays so.</summary>
    public void Forget() => _abandoned = true;

    /// <summary>Lets go of the store and leaves what runs as a dead process would.</summary>
    public async Task AbandonAsync()
    {
        _abandoned = true;
        ExpectErrors();
        await _store.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Store.Away = false;
        Store.Open();
        if (!_errorsExpected)
        {
            Assert.Empty(Log.Errors);
        }

        if (!_abandoned)
        {
            await Registry.StopAllAsync().InTime();
            await _flusher.DisposeAsync().InTime();
        }

        await _store.DisposeAsync();
        _loggers.Dispose();
        _ownFolder?.Dispose();
    }
}
