using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;
using ChatGrpc.TestKit.Processes;

namespace Integration.Tests;

/// <summary>The command that copies all conversations from one store to the other.</summary>
public sealed class MigrateTests
{
    [Fact]
    public async Task Migrate_ToPostgres_TheServiceGoesOnThere()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var url = PostgresUrl.Of(cluster, PostgresUrl.NameOf(await TestDatabases.CreateAsync(cluster)));
        Reading reading;
        await using (var embedded = await Deployment.StartAsync())
        {
            reading = await Reading.AllAsync(
                embedded.Client, new StreamChatRequest { SessionId = "s", Message = "Hello, 数据库" });
            await embedded.Process.StopAsync().InTime();

            var first = await MoveAsync(0, embedded.DataFolder, url);
            var second = await MoveAsync(0, embedded.DataFolder, url);
            Assert.Contains("Sessions: 1 copied, 0 were there already.", first, StringComparison.Ordinal);
            Assert.Contains("Sessions: 0 copied, 1 were there already.", second, StringComparison.Ordinal);
        }

        await using var deployment = await Deployment.StartOnDatabaseAsync(url);
        var found = await deployment.Sessions().SearchMessagesAsync(
            new SearchMessagesRequest { Query = "数据" });
        Assert.Contains(found.Hits, hit => hit.SessionId == "s" && hit.MessageId == reading.Session.UserMessageId);
        using var again = Reading.Start(
            deployment.Client,
            new StreamChatRequest { Resume = new Resume { StreamId = reading.Session.StreamId, Epoch = 1 } });
        await again.ToEndAsync();
        Assert.Equal(reading.Answer, again.Answer);
    }

    [Fact]
    public async Task Migrate_WhileAServiceUsesTheStore_SaysSo()
    {
        await using var deployment = await Deployment.StartAsync();
        var output = await MoveAsync(1, deployment.DataFolder, "postgres:///chat?host=/nowhere");
        Assert.Contains("Another process uses the data in", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_DatabaseAway_SaysSo()
    {
        await using var deployment = await Deployment.StartAsync();
        await deployment.Process.StopAsync().InTime();
        var output = await MoveAsync(1, deployment.DataFolder, "postgres:///chat?host=/nowhere");
        Assert.Contains("or start the database.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Say from where to where", "--from", "sqlite")]
    [InlineData("Say from where to where", "--from", "sqlite", "--to", "sqlite")]
    [InlineData("--form is no setting", "--form=sqlite", "--from", "sqlite", "--to", "postgres")]
    [InlineData("There are no conversations in", "--from", "sqlite", "--to", "postgres")]
    public async Task Migrate_NotAsItIsMeant_EndsWithOneLine(string words, params string[] arguments)
    {
        using var empty = new TemporaryFolder();
        var (exitCode, output) = await ServiceProcess.RunAsync(
            ["migrate", .. arguments, $"--Chat:Storage:Path={empty.Path}"]);
        Assert.Equal(1, exitCode);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static async Task<string> MoveAsync(int exitCode, string folder, string url)
    {
        var moved = await ServiceProcess.RunAsync(
        [
            "migrate", "--from", "sqlite", "--to=postgres", $"--Chat:Storage:Path={folder}",
            $"--ConnectionStrings:Chat={url}",
        ]);
        Assert.True(moved.ExitCode == exitCode, moved.Output);
        return moved.Output;
    }
}
