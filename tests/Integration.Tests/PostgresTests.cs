using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Postgres;
using ChatGrpc.TestKit.Processes;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>The service as a process, with its conversations in PostgreSQL.</summary>
public sealed class PostgresTests
{
    [Fact]
    public async Task Chat_OnADatabase_IsSavedResumedFoundListedAndDeleted()
    {
        await using var deployment = await Deployment.StartOnDatabaseAsync(await PostgresUrl.OfNewAsync());
        var reading = await SayAsync(deployment, "/demo tokens=20 rate=max");

        await deployment.Process.StopAsync().InTime();
        await deployment.StartAgainAsync();
        using var again = Reading.Start(
            deployment.Client,
            new StreamChatRequest
            {
                Resume = new Resume { StreamId = reading.Session.StreamId, Epoch = reading.Session.Epoch },
            });
        await again.ToEndAsync();
        var sessions = deployment.Sessions();
        var messages = await sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = "s" });
        _ = await sessions.DeleteSessionAsync(new DeleteSessionRequest { SessionId = "s" });

        Assert.Equal(reading.Answer, again.Answer);
        Assert.Equal(
            ["/demo tokens=20 rate=max", reading.Answer], messages.Messages.Select(message => message.Parts[0].Text));
        Assert.Empty((await sessions.ListSessionsAsync(new ListSessionsRequest())).Sessions);
        Assert.Contains(
            "Conversations are kept in PostgreSQL at ", deployment.Process.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(deployment.DataFolder, "chat.db")));
    }

    [Fact]
    public async Task Kill_WhileATurnRuns_TheNextProcessEndsIt()
    {
        await using var deployment = await Deployment.StartOnDatabaseAsync(await PostgresUrl.OfNewAsync());
        using var reading = Reading.Start(deployment.Client, Request("/demo tokens=100000 rate=50"));
        await reading.UntilTokenAsync();

        await deployment.Process.KillAsync();
        await deployment.StartAgainAsync();

        // When the lease of the one that was killed is over.
        var end = await Reading.ResumeToEndAsync(deployment.Client, reading.Session);
        Assert.Equal(StreamState.Interrupted, end.State);
        _ = await SayAsync(deployment, "/demo tokens=1 rate=max");
    }

    [Theory]
    [InlineData("--ConnectionStrings:Chat=Host=db;Pasword=s3cret", "ConnectionStrings:Chat has pasword")]
    [InlineData("--DATABASE_URL=postgres://chat:s3cret%@db/talk", "DATABASE_URL has a % in the password")]
    [InlineData("--ConnectionStrings:Chatt=Host=db", "Did you mean --ConnectionStrings:Chat?")]
    public async Task Start_WrongSetting_EndsWithOneLineWithoutThePassword(string argument, string words)
    {
        var (exitCode, output) = await ServiceProcess.RunAsync(["--urls=http://127.0.0.1:0", argument]);

        Assert.Equal(1, exitCode);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownDatabase_EndsWithOneLineThatSaysWhatToDo()
    {
        var cluster = await PostgresCluster.SharedAsync();

        var (exitCode, output) = await ServiceProcess.RunAsync(
            ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:Chat={cluster.ConnectionString("nowhere")}"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("the database is not there (3D000: ", output, StringComparison.Ordinal);
        Assert.Contains("mend ConnectionStrings:Chat", output, StringComparison.Ordinal);
    }

    private static StreamChatRequest Request(string text) =>
        new() { SessionId = "s", Message = text };

    private static Task<Reading> SayAsync(Deployment deployment, string text) =>
        Reading.AllAsync(deployment.Client, Request(text));
}
