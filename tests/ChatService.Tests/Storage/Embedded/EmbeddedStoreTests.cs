using System.Net.Sockets;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using Dapper;

namespace ChatGrpc.Tests.Storage.Embedded;

public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_LockFileThatCannotBeOpened_IsNotAnotherProcess()
    {
        Directory.CreateDirectory(_folder.Path);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "chat.lock")));

        var options = new StorageOptions { Path = _folder.Path };

        var refusal = Assert.Throws<StartupException>(() => EmbeddedStore.Open(options));

        Assert.StartsWith(
            $"The data folder {_folder.Path} cannot be used (", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FolderInUse_RefusedWithTheFixAndTheFirstGoesOn()
    {
        await using var first = Open(_folder.Path);

        var refusal = Assert.Throws<StartupException>(() => Open(_folder.Path));

        Assert.Equal(
            $"Another process uses the data in {_folder.Path}: stop it, or name another folder in Chat:Storage:Path.",
            refusal.Message);
        Assert.Equal(OpenOutcome.Opened, (await OpenTurnAsync(first)).Outcome);
    }

    [Fact]
    public async Task Open_AfterDispose_FolderIsFree()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var store = Open(_folder.Path);
            Assert.Equal(_folder.Path, store.Folder);
        }
    }

    [Fact]
    public async Task Open_FolderMissing_IsMadeWithItsParents()
    {
        var path = Path.Combine(_folder.Path, "a", "b c", "ü");
        await using var store = Open(path);

        Assert.True(File.Exists(Path.Combine(path, "chat.db")));
    }

    [Fact]
    public void Open_PathIsAFile_Unwritable()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        foreach (var path in (string[])[file, Path.Combine(file, "below")])
        {
            var refusal = Assert.Throws<StartupException>(() => Open(path));
            Assert.StartsWith($"The data folder {path} cannot be used (", refusal.Message, StringComparison.Ordinal);
            Assert.EndsWith(
                "): mend that, or name another folder in Chat:Storage:Path.",
                refusal.Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("chat.lock")]
    [InlineData("chat.db")]
    public async Task Open_FolderInTheWayOfAFile_UnwritableAndTheLockIsFree(string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, name));

        var refusal = Assert.Throws<StartupException>(() => Open(_folder.Path));

        Assert.StartsWith(
            $"The data folder {_folder.Path} cannot be used (", refusal.Message, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(_folder.Path, name));
        await Open(_folder.Path).DisposeAsync();
    }

    [Fact]
    public void Open_NotADatabase_RefusedInOneLine()
    {
        var noDatabase = string.Concat(Enumerable.Repeat("no database ", 1000));
        File.WriteAllText(Path.Combine(_folder.Path, "chat.db"), noDatabase);

        var refusal = Assert.Throws<StartupException>(() => Open(_folder.Path));

        Assert.Contains("not a database", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task Open_SchemaOfANewerProgram_RefusedAndTheDataUntouched()
    {
        await Open(_folder.Path).DisposeAsync();
        using (var connection = new SqliteDatabase(Path.Combine(_folder.Path, "chat.db")).OpenWriter())
        {
            _ = connection.Execute("PRAGMA user_version = 99");
        }

        for (var i = 0; i < 2; i++)
        {
            var refusal = Assert.Throws<StartupException>(() => Open(_folder.Path));
            Assert.Contains("is of schema 99, and this program knows 6", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Chat:Storage:Path", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_CommitsAreSafeOnDisk_WalAndFullSynchronous()
    {
        await using var store = Open(_folder.Path);
        using var connection = new SqliteDatabase(Path.Combine(_folder.Path, "chat.db")).OpenWriter();

        Assert.Equal("wal", connection.ExecuteScalar<string>("PRAGMA journal_mode"));
        Assert.Equal(2, connection.ExecuteScalar<long>("PRAGMA synchronous"));
        Assert.Equal(1, connection.ExecuteScalar<long>("PRAGMA foreign_keys"));
    }

    [Fact]
    public async Task OpenTurn_StoreClosed_StoreException()
    {
        var store = Open(_folder.Path);
        await store.DisposeAsync();

        await Assert.ThrowsAsync<StoreException>(() => OpenTurnAsync(store));
    }

    [Fact]
    public async Task Dispose_Twice_Harmless()
    {
        var store = Open(_folder.Path);
        await store.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_WritesUnderWay_AreFinished()
    {
        var store = Open(_folder.Path);
        var turns = Enumerable.Range(0, 100).Select(i => Sample.Turn($"session-{i}")).ToArray();
        var opening = turns.Select(turn => store.OpenTurnAsync(turn, CancellationToken.None)).ToArray();

        await store.DisposeAsync();

        Assert.All(await Task.WhenAll(opening).InTime(), result => Assert.Equal(OpenOutcome.Opened, result.Outcome));
        await using var again = Open(_folder.Path);
        Assert.Equal(100, (await again.ListOpenAsync(Sample.Owner, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task ReadEvents_DatabaseBroken_StoreException()
    {
        await using var store = Open(_folder.Path);
        using (var connection = new SqliteDatabase(Path.Combine(_folder.Path, "chat.db")).OpenWriter())
        {
            _ = connection.Execute("DROP TABLE stream_chunk");
        }

        await Assert.ThrowsAsync<StoreException>(
            () => store.ReadEventsAsync(Sample.Tenant, "any", 0, 1, CancellationToken.None).InTime());
    }

    private static EmbeddedStore Open(string path) => EmbeddedStore.Open(new StorageOptions { Path = path });

    private static Task<OpenResult> OpenTurnAsync(EmbeddedStore store) =>
        store.OpenTurnAsync(Sample.Turn("session"), CancellationToken.None).InTime();
}
