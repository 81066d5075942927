using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatGrpc.Tests.Storage.Postgres;

public sealed class PreparationTests
{
    [Fact]
    public async Task Prepare_Twice_ChangesNothingMore()
    {
        await using var scene = await StoreScene.OpenAsync();
        await scene.Store.PrepareAsync(CancellationToken.None).InTime();

        Assert.Equal(7, await TestDatabases.FindAsync<long>(scene.Database, "SELECT count(*) FROM chatgrpc.migration"));
    }

    [Fact]
    public async Task Prepare_SchemaOfANewerProgram_RefusedInASentence()
    {
        var database = await DatabaseAsync(
            "CREATE SCHEMA chatgrpc; CREATE TABLE chatgrpc.migration (version integer, name text); "
            + "INSERT INTO chatgrpc.migration VALUES (99, 'x')");

        Assert.EndsWith(
            "are of schema 99, and this program knows 7: start the newer program, or name another database in "
            + "ConnectionStrings:Chat.",
            (await RefusalAsync(database)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_TablesOfSomebodyElse_RefusedAndUntouched()
    {
        var database = await DatabaseAsync("CREATE SCHEMA chatgrpc; CREATE TABLE chatgrpc.session (id integer)");

        Assert.Contains(
            "has a schema chatgrpc with tables that are not this service's",
            (await RefusalAsync(database)).Message, StringComparison.Ordinal);
        Assert.Equal(
            1, await TestDatabases.FindAsync<long>(
                database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'chatgrpc'"));
    }

    [Fact]
    public async Task Prepare_TablesInOtherSchemas_AreNoHindrance()
    {
        var database = await DatabaseAsync("CREATE TABLE public.session (id integer)");

        await using var store = Open(database);
        await store.PrepareAsync(CancellationToken.None).InTime();
    }

    [Fact]
    public async Task Prepare_DatabaseOrUserMissing_RefusedWithWhatToDo()
    {
        var cluster = await PostgresCluster.SharedAsync();

        var database = await RefusalAsync(cluster.ConnectionString("nowhere"));
        Assert.Contains("the database is not there (3D000: ", database.Message, StringComparison.Ordinal);
        Assert.Contains("Make it with CREATE DATABASE", database.Message, StringComparison.Ordinal);
        var user = await RefusalAsync(cluster.ConnectionString("postgres", user: "nobody"));
        Assert.Contains("it refuses the user or the password (28000: ", user.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_UserWithoutRights_RefusedUntilAnAdministratorGivesThem()
    {
        // A cluster of its own: roles are of all databases.
        await using var cluster = await PostgresCluster.CreateAsync();
        await TestDatabases.ExecuteAsync(cluster.ConnectionString("postgres"), "CREATE ROLE plain LOGIN");
        await TestDatabases.ExecuteAsync(cluster.ConnectionString("postgres"), "CREATE DATABASE chat");
        var (admin, plain) = (cluster.ConnectionString("chat"), cluster.ConnectionString("chat", user: "plain"));

        var role = (await RefusalAsync(plain)).Message;
        Assert.EndsWith(
            "let an administrator run CREATE ROLE chatgrpc_request NOLOGIN; GRANT chatgrpc_request TO \"plain\";", role,
            StringComparison.Ordinal);
        await TestDatabases.ExecuteAsync(admin, role[role.IndexOf("CREATE ROLE", StringComparison.Ordinal)..]);

        var schema = (await RefusalAsync(plain)).Message;
        Assert.Contains("the user lacks a right (42501: ", schema, StringComparison.Ordinal);
        await TestDatabases.ExecuteAsync(admin, "GRANT CREATE ON DATABASE chat TO plain");

        await using (var store = Open(plain))
        {
            await store.PrepareAsync(CancellationToken.None).InTime();
            Assert.Equal(
                OpenOutcome.Opened,
                (await store.OpenTurnAsync(Sample.Turn("session"), CancellationToken.None).InTime()).Outcome);
            Assert.Single((await store.ListSessionsAsync(Sample.Tenant, null, 10, CancellationToken.None)).Sessions);
        }

        await TestDatabases.ExecuteAsync(admin, "ALTER ROLE chatgrpc_request BYPASSRLS");
        Assert.Contains("is above row security", (await RefusalAsync(plain)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_ServerAway_MayBeTriedAgain()
    {
        await using var cluster = await PostgresCluster.CreateAsync();
        await cluster.StopAsync();
        await using var store = Open(cluster.ConnectionString("postgres"));

        var away = await Assert.ThrowsAsync<StoreException>(() => store.PrepareAsync(CancellationToken.None).InTime());
        Assert.Equal(("The store cannot be reached.", false, false), (away.Message, away.Refused, away.OutcomeUnknown));

        await cluster.StartAsync();
        await store.PrepareAsync(CancellationToken.None).InTime();
    }

    [Fact]
    public async Task Prepare_HostNameUnknown_MayBeTriedAgain()
    {
        await using var store = Open("Host=nowhere.invalid;Username=chat;Database=chat");

        var away = await Assert.ThrowsAsync<StoreException>(() => store.PrepareAsync(CancellationToken.None).InTime());
        Assert.Equal(("The store cannot be reached.", false, false), (away.Message, away.Refused, away.OutcomeUnknown));
    }

    private static PostgresStore Open(string database) => new(
        PostgresSettings.Parse(database, PostgresSettings.Setting), new StoreHints(), TimeProvider.System,
        NullLogger<PostgresStore>.Instance);

    private static async Task<string> DatabaseAsync(string sql)
    {
        var database = await TestDatabases.CreateAsync(await PostgresCluster.SharedAsync()).InTime();
        await TestDatabases.ExecuteAsync(database, sql);
        return database;
    }

    private static async Task<StartupException> RefusalAsync(string database)
    {
        await using var store = Open(database);
        return await Assert.ThrowsAsync<StartupException>(() => store.PrepareAsync(CancellationToken.None).InTime());
    }
}
