using ChatGrpc.Storage;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChatGrpc.Tests.Storage.Postgres;

public sealed class PostgresStoreContractTests : ChatStoreContract
{
    private const string Count =
        """
        SELECT (SELECT count(*) FROM chatgrpc.session), (SELECT count(*) FROM chatgrpc.message),
               (SELECT count(*) FROM chatgrpc.stream), (SELECT count(*) FROM chatgrpc.stream_chunk)
        """;

    private string _database = "";
    private PostgresStore? _store;

    public override async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        await StoreDatabases.ReturnAsync(_database);
        GC.SuppressFinalize(this);
    }

    private protected override async Task<IChatStore> OpenEmptyAsync()
    {
        _database = await StoreDatabases.TakeAsync().InTime();
        return await OpenAsync();
    }

    private protected override async Task<IChatStore> ReopenAsync()
    {
        await _store!.DisposeAsync();
        return await OpenAsync();
    }

    private protected override async Task<RowCounts> CountAsync()
    {
        await using var connection = new NpgsqlConnection($"{_database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Count, connection);
        await using var row = await command.ExecuteReaderAsync();
        _ = await row.ReadAsync();
        return new RowCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }

    private async Task<IChatStore> OpenAsync()
    {
        var settings = PostgresSettings.Parse(_database, PostgresSettings.Setting);
        _store = new PostgresStore(settings, new StoreHints(), TimeProvider.System, NullLogger<PostgresStore>.Instance);
        await _store.PrepareAsync(CancellationToken.None).InTime();
        return _store;
    }
}
