using ChatGrpc.Storage;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>Two processes' stores on one database.</summary>
public sealed class HintTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    private readonly Heard _here = new();
    private readonly Heard _there = new();
    private StoreScene _scene = null!;
    private PostgresStore _one = null!;
    private PostgresStore _two = null!;

    public async ValueTask InitializeAsync()
    {
        _scene = await StoreScene.OpenAsync();
        (_one, _two) = (_scene.Another(hints: _here.Hints), _scene.Another(hints: _there.Hints));
        foreach (var (store, name) in ((PostgresStore, string)[])[(_one, Sample.Owner), (_two, "another")])
        {
            await store.PrepareAsync(CancellationToken.None).InTime();
            await store.EnterAsync(name, Lease, CancellationToken.None).InTime();
        }

        while (await TestDatabases.FindAsync<long>(
            _scene.Database,
            "SELECT count(*) FROM pg_stat_activity "
            + "WHERE datname = current_database() AND query = 'LISTEN chatgrpc'") < 3)
        {
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Write_ByOne_TheOtherHearsOfItAndItselfDoesNot()
    {
        var turn = Sample.Turn("session");
        _ = await _one.OpenTurnAsync(turn, CancellationToken.None).InTime();
        await _there.Written.WaitAsync().AsTask().InTime();

        _ = await _one.CommitAsync([Sample.Write(turn, 1, 1)], CancellationToken.None).InTime();
        await _there.Written.WaitAsync().AsTask().InTime();

        await _two.WishAsync(
            new TurnWish(Sample.Tenant, turn.Stream.StreamId, WishKind.Cancel), CancellationToken.None).InTime();
        await _here.Wished.WaitAsync().AsTask().InTime();
        Assert.Equal(0, _there.Wishes);
    }

    [Fact]
    public async Task Commit_ThatLetsATurnRun_TheOtherHearsOfIt()
    {
        var turn = Sample.Turn("session");
        _ = await _one.OpenTurnAsync(turn, CancellationToken.None).InTime();
        var queued = Sample.Turn("session") with { MaxTurnsAhead = 9, Owner = "another" };
        _ = await _two.OpenTurnAsync(queued, CancellationToken.None).InTime();

        _ = await _one.CommitAsync([Sample.Close(turn, 1, 1)], CancellationToken.None).InTime();

        await _there.Wished.WaitAsync().AsTask().InTime();
    }

    [Fact]
    public async Task Write_ConnectionThatListensWasEnded_IsHeardOfAgain()
    {
        await TestDatabases.ExecuteAsync(
            _scene.Database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            + "WHERE datname = current_database() AND query = 'LISTEN chatgrpc'");

        var hearing = _there.Written.WaitAsync().AsTask().InTime();
        while (!hearing.IsCompleted)
        {
            _ = await _one.OpenTurnAsync(Sample.Turn($"{Guid.NewGuid()}"), CancellationToken.None).InTime();
        }

        await hearing;
    }

    private sealed class Heard
    {
        public Heard()
        {
            Hints.Written += Written.Set;
            Hints.Wished += () =>
            {
                Wishes++;
                Wished.Set();
            };
        }

        public StoreHints Hints { get; } = new();

        public ChatGrpc.Turns.AsyncSignal Written { get; } = new();

        public ChatGrpc.Turns.AsyncSignal Wished { get; } = new();

        public int Wishes { get; private set; }
    }
}
