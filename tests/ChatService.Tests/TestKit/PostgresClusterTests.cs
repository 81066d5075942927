using System.Diagnostics;
using ChatGrpc.TestKit.Postgres;
using Npgsql;

namespace ChatGrpc.Tests.TestKit;

public sealed class PostgresClusterTests
{
    [Fact]
    public async Task KillAndStart_CommittedRows_AreThere()
    {
        await using var cluster = await PostgresCluster.CreateAsync();
        var database = await TestDatabases.CreateAsync(cluster);
        await TestDatabases.ExecuteAsync(database, "CREATE TABLE kept AS SELECT 7 AS x");

        await cluster.KillAsync();
        _ = await Assert.ThrowsAnyAsync<NpgsqlException>(() => TestDatabases.ExecuteAsync(database, "SELECT 1"));
        await cluster.StartAsync();

        Assert.Equal(7, await TestDatabases.FindAsync<int>(database, "SELECT x FROM kept"));
    }

    [Fact]
    public async Task Create_LeftBehindByAProcessThatIsGone_EndsItAndRemovesItsFolder()
    {
        // Waits for an end of its input; until it is gone, no test beside this one may take its cluster away.
        using var owner = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        var left = await PostgresCluster.CreateAsync(owner: owner.Id);
        Assert.True(Directory.Exists(left.Folder));
        owner.Kill();
        await owner.WaitForExitAsync();

        await using var next = await PostgresCluster.CreateAsync();

        Assert.False(Directory.Exists(left.Folder));
        Assert.True(File.Exists(Path.Combine(next.DataFolder, "postmaster.pid")));
    }

    [Fact]
    public async Task Create_WithAPort_ListensOnTheLoopbackInterface()
    {
        var port = FreePort();
        await using var cluster = await PostgresCluster.CreateAsync(port);

        Assert.Equal(
            port,
            await TestDatabases.FindAsync<int>(
                $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres", "SELECT inet_server_port()"));
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        socket.Start();
        return ((System.Net.IPEndPoint)socket.LocalEndpoint).Port;
    }
}
