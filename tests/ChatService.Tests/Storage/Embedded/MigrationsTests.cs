using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Embedded;
using ChatGrpc.TestKit;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Tests.Storage.Embedded;

public sealed class MigrationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Apply_DatabaseWithoutTitlesAndOrdinals_GetsThem()
    {
        using (var old = await OpenFirstSchemaAsync())
        {
            // Ids against the order, as within one millisecond; the second session has but an image.
            Insert(old, "one", "b", null, MessageRole.User, new Part { Text = "\n  The first words\nand more" });
            Insert(old, "two", "x", null, MessageRole.User, new Part { Image = new Image { MediaType = "image/png" } });
            Insert(old, "one", "a", "b", MessageRole.Assistant, new Part { Text = "An answer" });
            Insert(old, "one", "0", "a", MessageRole.User, new Part { Text = "Later words" });
        }

        await using var store = EmbeddedStore.Open(new StorageOptions { Path = _folder.Path });

        var sessions = (await store.ListSessionsAsync("tenant", null, 50, CancellationToken.None)).Sessions;
        Assert.Equal(
            [("two", "Image"), ("one", "The first words")],
            sessions.Select(session => (session.SessionId, session.Title)));
        var query = new MessageQuery(null, NewestFirst: false, Limit: 50, MaxBytes: long.MaxValue);
        var page = await store.ListMessagesAsync("tenant", "one", query, CancellationToken.None);
        Assert.Equal(
            [("b", 1), ("a", 2), ("0", 3)],
            page!.Messages.Select(listed => (listed.Message.MessageId, (int)listed.Ordinal)));
        Assert.Equal("An answer", page.Messages[1].Message.Parts[0].Text);
    }

    [Fact]
    public async Task Apply_ToTheEndOnce_ChangesNothingMore()
    {
        using (await OpenFirstSchemaAsync())
        {
        }

        for (var i = 0; i < 2; i++)
        {
            await EmbeddedStore.Open(new StorageOptions { Path = _folder.Path }).DisposeAsync();
        }

        using var connection = Connect();
        Assert.Equal(6, connection.ExecuteScalar<long>("PRAGMA user_version"));
        Assert.Empty(connection.Query("PRAGMA foreign_key_check"));
    }

    // What a program of the first schema leaves behind.
    private async Task<SqliteConnection> OpenFirstSchemaAsync()
    {
        SqliteLibrary.Load();
        var name = typeof(EmbeddedStore).Assembly.GetManifestResourceNames()
            .Single(name => name.EndsWith("Embedded.Migrations.0001-conversations.sql", StringComparison.Ordinal));
        using var script = new StreamReader(typeof(EmbeddedStore).Assembly.GetManifestResourceStream(name)!);
        var connection = Connect();
        _ = connection.Execute(await script.ReadToEndAsync());
        _ = connection.Execute("PRAGMA user_version = 1");
        return connection;
    }

    private SqliteConnection Connect() => new SqliteDatabase(Path.Combine(_folder.Path, "chat.db")).OpenWriter();

    private static void Insert(
        SqliteConnection connection, string session, string id, string? parent, MessageRole role, Part part)
    {
        var time = Sample.Noon.ToUnixTimeMilliseconds();
        var values = new { session, id, parent, role = (long)role, parts = LengthPrefixed.Encode([part]), time };
        _ = connection.Execute(
            """
            INSERT INTO session (tenant_id, session_id, head_id, created_at, updated_at)
            VALUES ('tenant', @session, @id, @time, @time) ON CONFLICT DO UPDATE SET head_id = excluded.head_id;
            INSERT INTO message (message_id, tenant_id, session_id, parent_id, stream_id, role, author, parts, status,
                                 created_at)
            VALUES (@id, 'tenant', @session, @parent, 'stream', @role, 'author', @parts, 4, @time)
            """,
            values);
    }
}
