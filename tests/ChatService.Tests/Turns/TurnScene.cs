using System.Collections.Concurrent;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Demo;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using ChatGrpc.Tools;
using ChatGrpc.Turns;
using ChatGrpc.Watching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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

    // A short turn is over before a test can ask the registry for it.
    private readonly ConcurrentDictionary<string, Turn> _opened = [];
    private bool _errorsExpected;
    private bool _abandoned;
    private bool _isStoreClosed;

    /// <param name="folder">Left by an earlier scene; null: a new one.</param>
    /// <param name="tools">What the service runs for its models; null: nothing.</param>
    /// <param name="beside">Another process, whose store this one has too, and which ends after it; null: none.</param>
    public TurnScene(
        TurnOptions? options = null, string? folder = null, IReadOnlyList<AIFunction>? tools = null,
        TurnScene? beside = null)
    {
        _ownFolder = folder is null && beside is null ? new TemporaryFolder() : null;
        _store = beside?._store ?? EmbeddedStore.Open(new StorageOptions { Path = folder ?? _ownFolder!.Path });
        _isStoreClosed = beside is not null;
        _loggers = new LoggerFactory([Log]);
        Store = new StoreGate(_store) { IsShared = beside is not null };
        Model = new WatchedModel(new DemoProvider(Clock));
        Options = options ?? new TurnOptions();
        Waiting = new StoreWaiting(Clock, new Logger<StoreWaiting>(_loggers));
        Recovery = new TurnRecovery(Store, Signals, Clock, new Logger<TurnRecovery>(_loggers));
        Incarnation = new Incarnation(Store, Clock, new Logger<Incarnation>(_loggers));
        Outage = new StoreOutage(Clock);
        var settingAside = new SettingAside(
            Recovery, Drain, TimeProvider.System, new Logger<SettingAside>(_loggers));
        _flusher = new TurnFlusher(
            Store, Incarnation, settingAside, Outage, Signals, TimeProvider.System,
            new Logger<TurnFlusher>(_loggers));
        var boxed = Microsoft.Extensions.Options.Options.Create(Options);
        var toolOptions = Microsoft.Extensions.Options.Options.Create(ToolOptions);
        var toolbox = new ToolCatalogue(
            [.. (tools ?? []).Select(Entry)],
            new ToolServers(ToolOptions, Clock, new Logger<ToolServers>(_loggers)),
            toolOptions);
        var toolStep = new ToolStep(
            new ToolRound(Clock, new Logger<ToolRound>(_loggers)), Drain, boxed, toolOptions, Clock);
        var runner = new TurnRunner(
            new AgentScript(Store, toolbox, toolStep, toolOptions, Clock), Incarnation, Outage, Drain, boxed, Clock,
            new Logger<TurnRunner>(_loggers));
        var catalogue = new ModelCatalogue(
            [new ModelEntry("demo", "demo-1", Model)],
            new DefaultModel("demo", "it is the only one"),
            new ModelPipeline(new ResilienceOptions { Retries = 0 }, Options.ToPatience(), Clock));
        Registry = new TurnRegistry(runner, _flusher, Drain, boxed, Clock);
        Follower = new TurnFollower(Store, Hints, boxed, Clock);
        Readers = new TurnReading(Store, Registry, Follower, Drain, boxed, Clock);
        var elsewhere = new TurnsElsewhere(Store, Registry, boxed, Clock);
        Doubts = new DoubtedOpenings(Store, Registry, elsewhere, Clock, new Logger<DoubtedOpenings>(_loggers));
        Cancelling = new TurnCancelling(Store, Registry, elsewhere);
        Opening = new TurnOpening(
            Store, Doubts, catalogue, toolbox, Registry, Readers, Cancelling, Signals, Incarnation, Clock);
        Results = new ResultTaking(Store, Registry, elsewhere, Incarnation, boxed, Clock);
        Deletion = new SessionDeletion(Store, Cancelling, Signals);
        Changes = new SessionFollower(Store, Signals, Hints, Clock);
        Watching = new SessionWatching(Store, Registry, Follower, Readers, Signals, Changes, boxed, Clock);
        var orphans = new Orphans(Store, Registry, Recovery, new Logger<Orphans>(_loggers));
        Takeover = new TurnTakeover(
            Store, catalogue, Registry, Recovery, orphans, Incarnation, Drain, Clock,
            new Logger<TurnTakeover>(_loggers));
        Start = new TurnStart(Store, Waiting, Incarnation, Takeover, Registry, Drain, Lifetime, Clock);
        Store.Opened = streamId =>
        {
            if (Registry.Find(Tenant, streamId) is { } turn)
            {
                _opened[streamId] = turn;
            }
        };

        // At its zero a clock cannot tell a first text from none.
        Clock.Advance(TimeSpan.FromSeconds(1));
    }

    public ManualTimeProvider Clock { get; } = new();

    public ErrorLog Log { get; } = new();

    public TurnOptions Options { get; }

    public ToolOptions ToolOptions { get; } = new() { MaxRounds = 3, MaxResultBytes = 1024 * 1024 };

    public StoreGate Store { get; }

    public WatchedModel Model { get; }

    public Drain Drain { get; } = new();

    public TurnRegistry Registry { get; }

    public TurnOpening Opening { get; }

    public TurnFollower Follower { get; }

    public TurnReading Readers { get; }

    public TurnCancelling Cancelling { get; }

    public ResultTaking Results { get; }

    public SessionDeletion Deletion { get; }

    public SessionSignals Signals { get; } = new();

    public SessionFollower Changes { get; }

    public SessionWatching Watching { get; }

    public StoreHints Hints { get; } = new();

    public Incarnation Incarnation { get; }

    public TurnTakeover Takeover { get; }

    public TurnRecovery Recovery { get; }

    public TurnStart Start { get; }

    public ApplicationLifetime Lifetime { get; } = new(NullLogger<ApplicationLifetime>.Instance);

    public StoreWaiting Waiting { get; }

    public StoreOutage Outage { get; }

    public DoubtedOpenings Doubts { get; }

    public TurnFlusher Flusher => _flusher;

    public string Folder => _store.Folder;

    public async Task<Turn> StartAsync(StreamChatRequest request)
    {
        var started = await Opening.StartAsync(Tenant, request, CancellationToken.None).InTime();
        Assert.Null(started.Failure);
        return _opened[started.Reader!.StreamId];
    }

    public async Task<Failure> FailAsync(StreamChatRequest request)
    {
        var result = await Opening.StartAsync(Tenant, request, CancellationToken.None).InTime();
        Assert.Null(result.Reader);
        return result.Failure!;
    }

    private ToolEntry Entry(AIFunction tool) => new(tool.Name, ToolKind.Server, tool)
    {
        Deadline = ToolOptions.Deadline,
        MaxResultBytes = ToolOptions.MaxResultBytes,
    };

    public Task<Turn> StartAsync(string message, string session = "session") =>
        StartAsync(new StreamChatRequest { Message = message, SessionId = session });

    public Reading Read(Turn turn, CancellationToken cancellationToken = default) =>
        new(Readers.Open(turn, resumedAfter: 0, pacing: null, turnsAhead: 0), cancellationToken);

    public async Task<ReadResult> ResumeAsync(string streamId, long epoch = 0, long after = 0) =>
        await Readers.ResumeAsync(
            Tenant,
            new Resume { StreamId = streamId, Epoch = epoch, AfterSequence = after },
            pacing: null,
            CancellationToken.None).InTime();

    /// <summary>Reads again, to the end.</summary>
    public async Task<Reading> AgainAsync(string streamId, long epoch = 0, long after = 0)
    {
        var result = await ResumeAsync(streamId, epoch, after);
        Assert.Null(result.Failure);
        return await new Reading(result.Reader!).ToEndAsync();
    }

    /// <summary>Starts a turn that needs no clock, and reads it to its end.</summary>
    public async Task<Reading> AllAsync(string message, string session = "session") =>
        await Read(await StartAsync(message, session)).ToEndAsync();

    public async Task<StreamRecord> CancelAsync(Turn turn)
    {
        var record = await CancelAsync(Tenant, turn.Record.StreamId);
        Assert.NotNull(record);
        return record;
    }

    public Task<StreamRecord?> CancelAsync(string tenant, string streamId) => Cancelling
        .CancelAsync(tenant, new CancelStreamRequest { StreamId = streamId }, CancellationToken.None).InTime();

    /// <summary>Ends all that runs, as a stop without grace.</summary>
    public Task StopAsync() => Registry.DrainAsync(new CancellationToken(canceled: true)).InTime();

    public async Task<StreamRecord> StoredAsync(Turn turn) =>
        (await _store.FindStreamAsync(Tenant, turn.Record.StreamId, CancellationToken.None).InTime())!;

    /// <summary>The turns that are open in the store.</summary>
    public async Task<IReadOnlyList<StreamRecord>> OpenAsync() =>
        [.. (await Store.ListOpenAsync(Incarnation.Id, CancellationToken.None).InTime()).Select(open => open.Stream)];

    public Task<IReadOnlyList<StreamChatResponse>> StoredEventsAsync(string streamId) =>
        _store.ReadEventsAsync(Tenant, streamId, 0, int.MaxValue, CancellationToken.None).InTime();

    public Task<IReadOnlyList<MessageRecord>> StoredBranchAsync(StreamRecord stream) =>
        _store.ReadBranchAsync(Tenant, stream.SessionId, stream.MessageId, 200, CancellationToken.None).InTime();

    /// <summary>Lets the clock run, a tenth of a second at a time, while the others work, until that is done.</summary>
    public async Task PassTimeUntilAsync(Task done)
    {
        var limit = done.InTime();
        while (!limit.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await LetOthersWorkAsync();
        }

        await limit;
    }

    /// <summary>Lets the clock run second by second, and the others work between.</summary>
    public async Task PassTimeAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await LetOthersWorkAsync();
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    // While work waits for a thread no time passes, or on a busy machine the clock would run away from those who look
    // at it. But not for ever: what waits may be another test's clock.
    private static async Task LetOthersWorkAsync()
    {
        var yields = 0;
        do
        {
            await Task.Yield();
        }
        while (ThreadPool.PendingWorkItemCount > 0 && ++yields < 100);
    }

    /// <summary>Errors are what this test is about.</summary>
    public void ExpectErrors() => _errorsExpected = true;

    /// <summary>The flusher has been stopped, and what it could not save stays so.</summary>
    public void Forget() => _abandoned = true;

    /// <summary>Lets go of the store and leaves what runs as a dead process would.</summary>
    public async Task AbandonAsync()
    {
        _abandoned = true;
        _isStoreClosed = true;
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
            await StopAsync();
            await _flusher.DisposeAsync().InTime();
        }

        await Start.EndAsync().InTime();
        Start.Dispose();
        if (!_isStoreClosed)
        {
            await _store.DisposeAsync();
        }

        _loggers.Dispose();
        _ownFolder?.Dispose();
    }
}
