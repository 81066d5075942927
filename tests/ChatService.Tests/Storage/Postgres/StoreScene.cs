using ChatGrpc.Storage;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>A store on a database of its own.</summary>
internal sealed class StoreScene : IAsyncDisposable
{
    private StoreScene(string database)
    {
        Database = database;
        Settings = PostgresSettings.Parse(database, PostgresSettings.Setting);
        Troubles = new TroubleWatch(Settings, NullLogger.Instance);
        Store = Another();
    }

    public string Database { get; }

    public PostgresSettings Settings { get; }

    public TroubleWatch Troubles { get; }

    public PostgresStore Store { get; }

    public static async Task<StoreScene> OpenAsync()
    {
        var scene = new StoreScene(await StoreDatabases.TakeAsync().InTime());
        await scene.Store.PrepareAsync(CancellationToken.None).InTime();
        return scene;
    }

    /// <summary>What another process would make for the same database; not prepared.</summary>
    public PostgresStore Another(
        ILogger<PostgresStore>? logger = null, TimeProvider? time = null, StoreHints? hints = null) => new(
        Settings, hints ?? new StoreHints(), time ?? TimeProvider.System, logger ?? NullLogger<PostgresStore>.Instance);

    public async Task<NewTurn> AnsweredAsync(string session = "session")
    {
        var turn = Sample.Turn(session);
        Assert.Equal(
            OpenOutcome.Opened, (await Store.OpenTurnAsync(turn, CancellationToken.None).InTime()).Outcome);
        _ = await Store.CommitAsync([Sample.Close(turn, 1, 1)], CancellationToken.None).InTime();
        return turn;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await StoreDatabases.ReturnAsync(Database);
    }
}
