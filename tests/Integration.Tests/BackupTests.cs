using System.Diagnostics;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;

namespace Integration.Tests;

/// <summary>The commands of docs/backup.md, while the service runs and an answer comes.</summary>
public sealed class BackupTests
{
    // Of docs/postgresql.md and docs/backup.md, but for the database itself.
    private static readonly string[] AsAdministrator =
    [
        "CREATE ROLE chat LOGIN", "CREATE ROLE chatgrpc_request NOLOGIN", "GRANT chatgrpc_request TO chat",
        "ALTER DATABASE chat OWNER TO chat",
    ];

    [Fact]
    public async Task Backup_EmbeddedStoreInUse_IsRestoredAsItWasThen()
    {
        await using var deployment = await Deployment.StartAsync();
        using var copies = new TemporaryFolder();
        var (database, copy) = (Path.Combine(deployment.DataFolder, "chat.db"), Path.Combine(copies.Path, "copy.db"));
        using var running = await BeginAsync(deployment);
        using (var backup = Process.Start("sqlite3", [database, $".backup '{copy}'"]))
        {
            await backup.WaitForExitAsync().InTime();
            Assert.Equal(0, backup.ExitCode);
        }

        await SayAsync(deployment, "after");
        await deployment.Process.KillAsync().InTime();
        File.Delete($"{database}-wal");
        File.Delete($"{database}-shm");
        File.Copy(copy, database, overwrite: true);
        await deployment.StartAgainAsync();
        await CheckAsync(deployment);
    }

    [Fact]
    public async Task Backup_PostgresInUse_IsRestoredOnAnotherServer()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = PostgresUrl.NameOf(await TestDatabases.CreateAsync(cluster));
        await using var other = await PostgresCluster.CreateAsync();
        using var folder = new TemporaryFolder();
        await PostgresPrograms.OwnAsync(folder.Path);
        var dump = Path.Combine(folder.Path, "chat.dump");
        await using (var deployment = await Deployment.StartOnDatabaseAsync(PostgresUrl.Of(cluster, database)))
        {
            using var running = await BeginAsync(deployment);
            await PostgresPrograms.RunAsync(
                "pg_dump", "--format=custom", "--schema=chatgrpc", $"--file={dump}", $"--host={cluster.Folder}",
                "--username=postgres", database);
            await SayAsync(deployment, "after");
            await deployment.Process.KillAsync().InTime();
        }

        var empty = PostgresUrl.NameOf(await TestDatabases.CreateAsync(other));
        foreach (var command in AsAdministrator)
        {
            await TestDatabases.ExecuteAsync(
                other.ConnectionString(empty), command.Replace("DATABASE chat", $"DATABASE {empty}"));
        }

        await PostgresPrograms.RunAsync(
            "pg_restore", "--no-owner", $"--dbname={empty}", $"--host={other.Folder}", "--username=chat", dump);
        await using var restored = await Deployment.StartOnDatabaseAsync(PostgresUrl.Of(other, empty, user: "chat"));
        await CheckAsync(restored);
    }

    // A session with an answer, and one in which an answer comes.
    private static async Task<Reading> BeginAsync(Deployment deployment)
    {
        await SayAsync(deployment, "before");
        var running = Reading.Start(
            deployment.Client,
            new StreamChatRequest { SessionId = "running", Message = "/demo tokens=100000 rate=50" });
        await running.UntilTokenAsync();
        return running;
    }

    private static async Task SayAsync(Deployment deployment, string session) => _ = await Reading.AllAsync(
        deployment.Client, new StreamChatRequest { SessionId = session, Message = "/demo tokens=3 rate=max" });

    private static async Task CheckAsync(Deployment deployment)
    {
        var sessions = await deployment.Sessions().ListSessionsAsync(new ListSessionsRequest());
        Assert.Equal(["before", "running"], sessions.Sessions.Select(session => session.SessionId).Order());
        var answered = await MessagesAsync(deployment, "before");
        Assert.Equal("alpha bravo charlie ", answered[1].Parts[0].Text);
        Assert.Equal(StreamState.Interrupted, await EndAsync().InTime());

        // It goes on as ever.
        await SayAsync(deployment, "running");
        Assert.Equal(4, (await MessagesAsync(deployment, "running")).Count);

        // Who made it may count as alive for a few seconds.
        async Task<StreamState> EndAsync()
        {
            while (true)
            {
                if ((await MessagesAsync(deployment, "running"))[1].State is var state and not StreamState.Running)
                {
                    return state;
                }

                await Task.Yield();
            }
        }
    }

    private static async Task<IList<Message>> MessagesAsync(Deployment deployment, string session) =>
        (await deployment.Sessions().ListMessagesAsync(new ListMessagesRequest { SessionId = session })).Messages;
}
