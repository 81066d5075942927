using Chat.V1;
using ChatGrpc.TestKit;
using Google.Rpc;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>chat.v1.SessionService.WatchSession over a wire.</summary>
public sealed class WatchTests
{
    private const string DeadlineExceeded = "4";

    [Fact]
    public async Task WatchSession_MessageIsAnswered_PlaceholderBeforeTheFirstTokenAndTheSameEvents()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var watch = await Watch.StartAsync(deployment);
        using var other = await Watch.StartAsync(deployment);
        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Hello", SessionId = "s", UserId = "Ada" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();

        var placeholder = (await watch.UntilMessageAsync(StreamState.Running)).Message;
        Assert.Empty(placeholder.Parts);
        Assert.Equal(["Ada", placeholder.Author],
            watch.Responses.Where(told => told.Message is not null).Select(told => told.Message.Author));
        await exchange.WriteTextAsync("Good");
        Assert.Equal("Good", (await watch.UntilAsync(told => told.TurnEvent?.Event.Token is not null))
            .TurnEvent.Event.Token.Text);
        await exchange.WriteTextAsync(" day");
        await exchange.FinishAsync();
        await reading.ToEndAsync();
        var answer = (await watch.UntilMessageAsync(StreamState.Completed)).Message;
        _ = await other.UntilMessageAsync(StreamState.Completed);

        Assert.Equal(reading.Events, watch.Events);
        Assert.Equal(reading.Events, other.Events);
        Assert.NotNull(watch.Responses[^2].TurnEvent.Event.StreamEnd);
        var listed = await deployment.Sessions().ListMessagesAsync(new ListMessagesRequest { SessionId = "s" });
        Assert.Equal(listed.Messages[^1], answer);
        Assert.Equal(("Good day", FinishReason.Stop), (answer.Parts[0].Text, answer.FinishReason));
    }

    [Fact]
    public async Task WatchSession_RenamedThenDeleted_TellsBoth()
    {
        await using var deployment = await Deployment.StartAsync();
        _ = await SayAsync(deployment);
        using var watch = await Watch.StartAsync(deployment);
        Assert.NotNull((await watch.NextAsync())!.Session);

        _ = await deployment.Sessions().RenameSessionAsync(
            new RenameSessionRequest { SessionId = "s", Title = "Another title" });
        Assert.Equal("Another title", (await watch.NextAsync())!.Session.Title);
        _ = await deployment.Sessions().DeleteSessionAsync(new DeleteSessionRequest { SessionId = "s" });
        Assert.NotNull((await watch.NextAsync())!.Deleted);
        _ = await SayAsync(deployment);

        Assert.NotNull((await watch.NextAsync())!.Session);
        _ = await watch.UntilMessageAsync(StreamState.Completed);
    }

    [Fact]
    public async Task WatchSession_ServiceStops_AnswerThenUnavailableAndTheCursorGoesOn()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Hello", SessionId = "s" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("Good");
        using var watch = await Watch.StartAsync(deployment);
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Token is not null);

        var stopping = deployment.Process.StopAsync();
        await exchange.WriteTextAsync(" bye");
        await exchange.FinishAsync();
        var answer = (await watch.UntilMessageAsync(StreamState.Completed)).Message;
        await watch.ToEndAsync();
        Assert.Equal(0, await stopping.InTime());

        Assert.Equal("Good bye", answer.Parts[0].Text);
        Assert.Equal(
            (StatusCode.Unavailable, "SERVICE_STOPPING"), (watch.Failure!.StatusCode, Reason(watch.Failure)));
        await deployment.StartAgainAsync();
        using var again = await Watch.StartAsync(deployment, cursor: watch.Cursor);
        Assert.Equal("", (await again.NextAsync())!.Session.RunningStreamId);
        using var next = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Again", SessionId = "s" });
        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync("Yes");
        _ = await again.UntilMessageAsync(StreamState.Completed);
        Assert.DoesNotContain(again.Responses, told => told.Message?.MessageId == answer.MessageId);
    }

    [Fact]
    public async Task WatchSession_ServiceIsKilled_TheCursorGivesTheInterruptedAnswer()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Hello", SessionId = "s" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("Good");
        using var watch = await Watch.StartAsync(deployment);
        _ = await watch.UntilAsync(told => told.TurnEvent?.Event.Token is not null);

        await deployment.Process.KillAsync();
        await watch.ToEndAsync();
        Assert.Equal(StatusCode.Unavailable, watch.Failure?.StatusCode);
        await deployment.StartAgainAsync();

        using var again = await Watch.StartAsync(deployment, cursor: watch.Cursor);
        var answer = (await again.UntilMessageAsync(StreamState.Interrupted)).Message;
        Assert.Equal(
            watch.Responses.Last(told => told.Message is not null).Message.MessageId, answer.MessageId);
        Assert.Equal(["Session", "Message"], again.Responses.Select(told => $"{told.UpdateCase}"));
    }

    [Fact]
    public async Task WatchSession_Silence_HeartbeatsAndThenItsDeadline()
    {
        await using var deployment = await Deployment.StartAsync("Chat:Turns:Heartbeat=00:00:00.1");

        var call = await RawCall.SendAsync(
            deployment.Process.Address, "/chat.v1.SessionService/WatchSession",
            new WatchSessionRequest { SessionId = "s" }, ("grpc-timeout", "1S"));

        // Whether the service or the stack below it is the first to say so is a race.
        Assert.Equal(DeadlineExceeded, call.Status);
        byte[] heartbeat = [0, 0, 0, 0, 2, 0x3A, 0];
        Assert.Equal(heartbeat, call.Body[..heartbeat.Length]);
    }

    [Fact]
    public async Task WatchSession_WrongInput_NamesTheFields()
    {
        await using var deployment = await Deployment.StartAsync();
        _ = await SayAsync(deployment);
        using var watch = await Watch.StartAsync(deployment);
        _ = await watch.NextAsync();
        using var foreign = await Watch.StartAsync(deployment, "another", watch.Cursor);

        await foreign.ToEndAsync();

        Assert.Equal(StatusCode.InvalidArgument, foreign.Failure!.StatusCode);
        Assert.Equal(["cursor"], Fields(foreign.Failure));
        using var wrong = deployment.Sessions().WatchSession(new WatchSessionRequest
        {
            SessionId = "s",
            Also = { new WatchedSession { SessionId = "t" }, new WatchedSession { SessionId = "a b", Cursor = "x" } },
        });
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => wrong.ResponseStream.MoveNext(CancellationToken.None).InTime());
        Assert.Equal(["also[1].session_id"], Fields(failure));
    }

    private static Task<Reading> SayAsync(Deployment deployment) => Reading.AllAsync(
        deployment.Client, new StreamChatRequest { SessionId = "s", Message = "/demo tokens=1 rate=max" });

    private static IEnumerable<string> Fields(RpcException failure) =>
        failure.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field);

    private static string Reason(RpcException failure) =>
        failure.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason;
}
