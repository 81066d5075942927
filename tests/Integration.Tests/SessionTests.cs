using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Integration.Tests;

/// <summary>chat.v1.SessionService over a wire, on a service that has had conversations.</summary>
public sealed class SessionTests
{
    private const string Quick = "/demo tokens=1 rate=max";

    [Fact]
    public async Task GetSession_AfterATurnAndARestart_TellsTheSession()
    {
        await using var deployment = await Deployment.StartAsync();
        var reading = await SayAsync(deployment, "s", "שלום 👨‍👩‍👧‍👦  \u202Eworld\n/second line");

        await deployment.Process.StopAsync().InTime();
        await deployment.StartAgainAsync();
        var session = (await deployment.Sessions().GetSessionAsync(new GetSessionRequest { SessionId = "s" })).Session;

        Assert.Equal(("s", "שלום 👨‍👩‍👧‍👦 world", ""), (session.SessionId, session.Title, session.RunningStreamId));
        Assert.Equal(reading.Session.MessageId, session.HeadMessageId);
        Assert.InRange(session.UpdateTime.ToDateTimeOffset() - session.CreateTime.ToDateTimeOffset(),
            TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task ListSessions_WhileNewOnesAppear_EachOldOneOnceInOrder()
    {
        await using var deployment = await Deployment.StartAsync();
        for (var i = 0; i < 12; i++)
        {
            _ = await SayAsync(deployment, $"s{i:00}");
        }

        var listed = new List<Session>();
        var request = new ListSessionsRequest { PageSize = 5 };
        do
        {
            var page = await deployment.Sessions().ListSessionsAsync(request);
            listed.AddRange(page.Sessions);
            request.PageToken = page.NextPageToken;
            _ = await SayAsync(deployment, $"late{listed.Count}");
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => $"s{i:00}"), listed.Select(session => session.SessionId).Order());
        Assert.Equal(listed.OrderByDescending(session => session.UpdateTime.ToDateTimeOffset()), listed);
        Assert.Equal(15, (await deployment.Sessions().ListSessionsAsync(new ListSessionsRequest())).Sessions.Count);
    }

    [Fact]
    public async Task RenameSession_AnyText_IsKeptAsItIs()
    {
        await using var deployment = await Deployment.StartAsync();
        _ = await SayAsync(deployment, "s");
        var before = (await deployment.Sessions().GetSessionAsync(new GetSessionRequest { SessionId = "s" })).Session;

        var longest = string.Concat(Enumerable.Repeat("😀", 200));
        foreach (var title in (string[])["é e\u0301 👨‍👩‍👧‍👦 שלום '; --", longest])
        {
            var renamed = await deployment.Sessions().RenameSessionAsync(
                new RenameSessionRequest { SessionId = "s", Title = title });

            Assert.Equal(title, renamed.Session.Title);
            Assert.Equal(
                renamed.Session,
                (await deployment.Sessions().GetSessionAsync(new GetSessionRequest { SessionId = "s" })).Session);
            Assert.True(renamed.Session.UpdateTime >= before.UpdateTime);
        }
    }

    [Fact]
    public async Task DeleteSession_WhileATurnRuns_EndsItForItsReaderAndAtItsProvider()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var request = new StreamChatRequest { Message = "Hello", SessionId = "s", ClientRequestId = "once" };
        using var reading = Reading.Start(deployment.Client, request);
        var exchange = await deployment.StandIn.NextRequestAsync();
        _ = await reading.NextAsync();

        _ = await deployment.Sessions().DeleteSessionAsync(new DeleteSessionRequest { SessionId = "s" })
            .ResponseAsync.InTime();

        await reading.ToEndAsync();
        Assert.Equal((StreamState.Cancelled, null), (reading.End.State, reading.Failure));
        await exchange.Aborted.InTime();
        var gone = await FailAsync(deployment.Sessions().GetSessionAsync(new GetSessionRequest { SessionId = "s" }));
        var again = await FailAsync(
            deployment.Sessions().DeleteSessionAsync(new DeleteSessionRequest { SessionId = "s" }));
        Assert.Equal((StatusCode.NotFound, "SESSION_NOT_FOUND"), (gone.StatusCode, Reason(gone)));
        Assert.Equal(gone.Status.Detail, again.Status.Detail);

        // The id of the session and that of the request are free again.
        using var anew = Reading.Start(deployment.Client, request);
        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync("Welcome");
        await anew.ToEndAsync();
        Assert.Equal("Welcome", anew.Answer);
        var messages = await deployment.Sessions().ListMessagesAsync(new ListMessagesRequest { SessionId = "s" });
        Assert.Equal(["Hello", "Welcome"], messages.Messages.Select(message => message.Parts[0].Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListMessages_InPages_TheConversationInOrder(bool newestFirst)
    {
        await using var deployment = await Deployment.StartAsync();
        var texts = Enumerable.Range(1, 6).Select(i => $"{Quick}\n{i} 😀").ToList();
        foreach (var text in texts)
        {
            _ = await SayAsync(deployment, "s", text);
        }

        var listed = new List<Message>();
        var request = new ListMessagesRequest { SessionId = "s", PageSize = 5, NewestFirst = newestFirst };
        do
        {
            var page = await deployment.Sessions().ListMessagesAsync(request);
            listed.AddRange(page.Messages);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        if (newestFirst)
        {
            listed.Reverse();
        }

        Assert.Equal(
            texts,
            listed.Where(message => message.Role == MessageRole.User).Select(message => message.Parts[0].Text));
        Assert.Equal(
            listed.Take(11).Select(message => message.MessageId),
            listed.Skip(1).Select(message => message.ParentMessageId));
        Assert.All(listed, message => Assert.Equal(StreamState.Completed, message.State));
        Assert.All(
            listed.Where(message => message.Role == MessageRole.Assistant),
            message => Assert.Equal(("demo", true), (message.Author, message.Usage is not null)));
    }

    [Fact]
    public async Task ListMessages_TurnRuns_ItsAnswerIsEmptyAndRunning()
    {
        await using var deployment = await Deployment.StartAsync();
        var request = new StreamChatRequest { Message = "/demo hang after=1", SessionId = "s", UserId = "Ada" };
        using var reading = Reading.Start(deployment.Client, request);
        await reading.UntilTokenAsync();

        var page = await deployment.Sessions().ListMessagesAsync(new ListMessagesRequest { SessionId = "s" });
        var session = (await deployment.Sessions().GetSessionAsync(new GetSessionRequest { SessionId = "s" })).Session;

        Assert.Equal(["Ada", "demo"], page.Messages.Select(message => message.Author));
        Assert.Equal((StreamState.Running, null), (page.Messages[1].State, page.Messages[1].Usage));
        Assert.Empty(page.Messages[1].Parts);
        Assert.Equal(reading.Session.StreamId, page.Messages[1].StreamId);
        Assert.Equal(reading.Session.StreamId, session.RunningStreamId);
    }

    [Fact]
    public async Task ListMessages_Images_APageIsBoundedButHoldsOne()
    {
        await using var deployment = await Deployment.StartAsync();
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[5_000_000]];
        var image = new Part { Image = new Image { MediaType = "image/png", Data = ByteString.CopyFrom(png) } };
        _ = await Reading.AllAsync(deployment.Client, new StreamChatRequest { SessionId = "s", Parts = { image } });
        _ = await SayAsync(deployment, "s");
        using var channel = GrpcChannel.ForAddress(
            deployment.Process.Address, new GrpcChannelOptions { MaxReceiveMessageSize = 16 * 1024 * 1024 });
        var sessions = new SessionService.SessionServiceClient(channel);

        var first = await sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = "s" });
        var second = await sessions.ListMessagesAsync(
            new ListMessagesRequest { SessionId = "s", PageToken = first.NextPageToken });

        Assert.Equal([image], Assert.Single(first.Messages).Parts);
        Assert.Equal((3, ""), (second.Messages.Count, second.NextPageToken));
        Assert.Equal(
            "Image", (await sessions.GetSessionAsync(new GetSessionRequest { SessionId = "s" })).Session.Title);
    }

    private static Task<Reading> SayAsync(Deployment deployment, string session, string text = Quick) =>
        Reading.AllAsync(deployment.Client, new StreamChatRequest { SessionId = session, Message = text });

    private static Task<RpcException> FailAsync<T>(AsyncUnaryCall<T> call) =>
        Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.InTime());

    private static string Reason(RpcException failure) =>
        failure.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;
}
