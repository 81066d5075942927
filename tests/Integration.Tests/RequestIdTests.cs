using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>One client_request_id, one stream, whatever the network and the client do.</summary>
public sealed class RequestIdTests
{
    [Fact]
    public async Task StreamChat_AHundredAtOnceUnderOneId_AreOneStreamAndOneProviderRequest()
    {
        const int Sends = 100;
        await using var deployment = await Deployment.StartWithStandInAsync();
        var readings = Enumerable.Range(0, Sends).Select(_ => Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Once", ClientRequestId = "once" })).ToArray();

        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync("only ", "once");
        await Task.WhenAll(readings.Select(reading => reading.ToEndAsync()));

        Assert.Equal(1, deployment.StandIn.Requests);
        var digest = ResumingReader.Digest(readings[0].Events.Skip(1));
        Assert.All(readings, reading =>
        {
            reading.CheckContract();
            Assert.Equal("only once", reading.Answer);
            Assert.Equal(readings[0].Session.StreamId, reading.Session.StreamId);
            Assert.Equal(digest, ResumingReader.Digest(reading.Events.Where(e => e.Sequence > 0)));
            reading.Dispose();
        });
        var session = new ListMessagesRequest { SessionId = readings[0].Session.SessionId };
        var messages = await deployment.Sessions().ListMessagesAsync(session).ResponseAsync.InTime();
        Assert.Equal(2, messages.Messages.Count);
    }

    [Fact]
    public async Task StreamChat_SameIdOtherBody_IsAlreadyExistsForAsLongAsTheIdIsKept()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var send = new StreamChatRequest { Message = "One", SessionId = "s", ClientRequestId = "r" };
        var other = new StreamChatRequest { Message = "Two", SessionId = "s", ClientRequestId = "r" };
        using var reading = Reading.Start(deployment.Client, send);
        var exchange = await deployment.StandIn.NextRequestAsync();
        _ = await reading.NextAsync();

        await AssertTakenAsync(deployment, other);
        await exchange.AnswerAsync("whole");
        await reading.ToEndAsync();
        await AssertTakenAsync(deployment, other);
        Assert.Equal(0, await deployment.Process.StopAsync());
        await deployment.StartAgainAsync();
        await AssertTakenAsync(deployment, other);

        var again = await Reading.AllAsync(deployment.Client, send);
        Assert.Equal(reading.Events.Skip(1), again.Events.Skip(1));
        Assert.Equal(1, deployment.StandIn.Requests);
    }

    [Fact]
    public async Task StreamChat_SameIdOfAFailedTurn_ReplaysTheFailure()
    {
        await using var deployment = await Deployment.StartAsync();
        var send = new StreamChatRequest { Message = "/demo rate=max fail=network after=3", ClientRequestId = "r" };
        var failed = await Reading.AllAsync(deployment.Client, send);

        var again = await Reading.AllAsync(deployment.Client, send);

        Assert.Equal(StreamState.Failed, failed.End.State);
        Assert.Equal(failed.Events.Skip(1), again.Events.Skip(1));
        Assert.Equal(failed.Failure?.StatusCode, again.Failure?.StatusCode);
        Assert.Equal("PROVIDER_UNREACHABLE", again.Failure!.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason);
        await AssertTakenAsync(deployment, new StreamChatRequest { Message = "Other", ClientRequestId = "r" });
    }

    [Fact]
    public async Task StreamChat_SameIdOtherDelivery_IsTheSameStream()
    {
        await using var deployment = await Deployment.StartAsync();
        var send = new StreamChatRequest { Message = "/demo tokens=20 rate=max", ClientRequestId = "r" };
        var first = await Reading.AllAsync(deployment.Client, send);
        send.OnBusy = OnBusy.Queue;
        send.OnDisconnect = OnDisconnect.Cancel;
        send.Coalescing = new Coalescing { MaxDelayMs = 5 };
        send.Pacing = new Pacing { Strategy = PacingStrategy.Fixed, CharactersPerSecond = 100_000 };

        var again = await Reading.AllAsync(deployment.Client, send);

        Assert.Equal(first.Session.StreamId, again.Session.StreamId);
        Assert.Equal(first.Events.Skip(1), again.Events.Skip(1));
    }

    private static async Task AssertTakenAsync(Deployment deployment, StreamChatRequest request)
    {
        using var reading = Reading.Start(deployment.Client, request);
        await reading.ToEndAsync();
        Assert.Empty(reading.Events);
        Assert.Equal(StatusCode.AlreadyExists, reading.Failure?.StatusCode);
        var info = reading.Failure!.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!;
        Assert.Equal("REQUEST_ID_TAKEN", info.Reason);
    }
}
