using Chat.V1;
using ChatGrpc.Conversations;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Storage;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Conversations;

/// <summary>Imports into a store that does not always say what came of them.</summary>
public sealed class SessionImportDoubtTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private EmbeddedStore _store = null!;
    private StoreGate _gate = null!;
    private SessionImport _import = null!;

    public ValueTask InitializeAsync()
    {
        _store = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });
        _gate = new StoreGate(_store);
        _import = new SessionImport(_gate, new SessionSignals(), _clock);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Fate.DoneAndUnknown)]
    [InlineData(Fate.NotDoneAndUnknown)]
    public async Task Write_OutcomeUnknownAtFirst_IsWrittenOnceAndToldAsSuch(object fate)
    {
        var session = Samples.Session(Sample.Tenant, "session", [Samples.Question(1)]);
        _gate.Fates.Enqueue((Fate)fate);

        var (written, failure) = await PassTimeAsync(_import.WriteAsync(session, CancellationToken.None));

        Assert.Null(failure);
        Assert.Same(session, written);
        var stored = await _store.FindSessionAsync(Sample.Tenant, "session", CancellationToken.None).InTime();
        Assert.Equal(SessionAnswers.Of(stored!), SessionAnswers.Of(written!));
    }

    [Fact]
    public async Task Write_InDoubtAndTheIdIsAnothers_SessionExists()
    {
        var other = Samples.Session(Sample.Tenant, "session", [Samples.Question(1)]);
        _ = await _store.ImportSessionAsync(other, CancellationToken.None).InTime();
        var session = Samples.Session(Sample.Tenant, "session", [Samples.Question(1)]);
        _gate.Fates.Enqueue(Fate.NotDoneAndUnknown);

        var (_, failure) = await PassTimeAsync(_import.WriteAsync(session, CancellationToken.None));

        Assert.Equal("SESSION_EXISTS", failure?.Reason);
    }

    [Fact]
    public async Task Write_NobodyKnowsForLong_Throws()
    {
        var session = Samples.Session(Sample.Tenant, "session", [Samples.Question(1)]);
        foreach (var fate in Enumerable.Repeat(Fate.NotDoneAndUnknown, 1_000))
        {
            _gate.Fates.Enqueue(fate);
        }

        var failure = await Assert.ThrowsAsync<StoreException>(
            () => PassTimeAsync(_import.WriteAsync(session, CancellationToken.None)));

        Assert.True(failure.OutcomeUnknown);
        Assert.InRange(_clock.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
    }

    private async Task<T> PassTimeAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _ = _clock.AdvanceToNextTimer();
            await Task.Yield();
        }

        return await task.InTime();
    }
}
