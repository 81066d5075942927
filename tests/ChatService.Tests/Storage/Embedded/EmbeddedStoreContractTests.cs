using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using Dapper;

namespace ChatGrpc.Tests.Storage.Embedded;

public sealed class EmbeddedStoreContractTests : ChatStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore? _store;

    public override async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override Task<IChatStore> OpenEmptyAsync()
    {
        _store = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });
        return Task.FromResult<IChatStore>(_store);
    }

    private protected override async Task<IChatStore> ReopenAsync()
    {
        await _store!.DisposeAsync();
        return await OpenEmptyAsync();
    }

    private protected override Task CatchUpAsync() => _store!.CatchUpAsync(CancellationToken.None).InTime();

    private protected override async Task<RowCounts> CountAsync()
    {
        using var connection = new SqliteDatabase(Path.Combine(_folder.Path, "chat.db")).OpenReader();
        return await connection.QuerySingleAsync<RowCounts>(
            """
            SELECT (SELECT count(*) FROM session) AS Sessions, (SELECT count(*) FROM message) AS Messages,
                   (SELECT count(*) FROM stream) AS Streams, (SELECT count(*) FROM stream_chunk) AS Chunks
            """).InTime();
    }
}
