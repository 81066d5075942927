using System.Net.Sockets;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Faults;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>SIGTERM, as a supervisor sends it before it takes the machine away.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task Terminate_UnderLoad_LosesNothingAndRefusesWhatIsNew()
    {
        const int Ending = 25;
        const int Endless = 25;
        await using var deployment = await Deployment.StartAsync("Chat:Turns:DrainGrace=00:00:05");
        var ending = Start(deployment, Ending, "/demo tokens=150 rate=100");
        var endless = Start(deployment, Endless, "/demo tokens=10 rate=max hang after=5");
        foreach (var reading in ending.Concat(endless))
        {
            await reading.UntilTokenAsync();
        }

        await deployment.Process.TerminateAsync();
        await deployment.UntilNotServingAsync();
        await AssertStoppingAsync(deployment);
        await Task.WhenAll(ending.Concat(endless).Select(reading => reading.ToEndAsync()));
        Assert.Equal(0, await deployment.Process.WaitForExitAsync());

        AssertEnded(ending, StreamState.Completed, failure: null);
        AssertEnded(endless, StreamState.Interrupted, StatusCode.Unavailable);
        await deployment.StartAgainAsync();
        Assert.DoesNotContain("interrupted", deployment.Process.Output, StringComparison.Ordinal);
        foreach (var reading in ending.Concat(endless))
        {
            var kept = ResumingReader.Of(reading.Session.StreamId);
            await kept.ReadOnAsync(deployment.Client);
            Assert.Equal(ResumingReader.Digest(reading.Events.Skip(1)), kept.LogDigest);
            reading.Dispose();
        }
    }

    [Fact]
    public async Task Terminate_WithQueuedTurns_TheyRunAfterTheRestart()
    {
        await using var deployment = await Deployment.StartWithStandInAsync("Chat:Turns:DrainGrace=00:00:00.1");
        using var running = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "One", SessionId = "s" });
        _ = await running.NextAsync();
        _ = await deployment.StandIn.NextRequestAsync();
        var queued = new ResumingReader(new StreamChatRequest
        {
            Message = "Two",
            SessionId = "s",
            ClientRequestId = "two",
            OnBusy = OnBusy.Queue,
        });
        var waiting = queued.ReadOnAsync(deployment.Client);
        await QueuedAsync(deployment, "s");

        Assert.Equal(0, await deployment.Process.StopAsync());
        await running.ToEndAsync();
        await waiting;
        Assert.Equal((StreamState.Interrupted, StatusCode.Unavailable), (running.End.State, queued.Status));
        Assert.Equal(StreamState.Queued, queued.Info?.State);
        Assert.Equal(1, deployment.StandIn.Requests);
        await deployment.StartAgainAsync();

        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.AnswerAsync("Late");
        await queued.ReadOnAsync(deployment.Client);
        queued.CheckContract();
        Assert.Equal(StreamState.Completed, queued.End.State);
        Assert.Equal("Late", queued.Log.Single(e => e.Token is not null).Token.Text);
    }

    [Fact]
    public async Task Terminate_ReaderThatCancelsAtItsEndLosesItsConnection_TheTurnGoesOn()
    {
        await using var deployment = await Deployment.StartAsync("Chat:Turns:DrainGrace=00:00:10");
        using var reading = Reading.Start(
            deployment.Client,
            new StreamChatRequest { Message = "/demo tokens=60 rate=30", OnDisconnect = OnDisconnect.Cancel });
        await reading.UntilTokenAsync();
        await deployment.Process.TerminateAsync();
        await deployment.UntilNotServingAsync();

        // As a balancer does it that is told to send nobody here any more.
        reading.Dispose();
        Assert.Equal(0, await deployment.Process.WaitForExitAsync());
        await deployment.StartAgainAsync();

        var ended = await Reading.ResumeToEndAsync(deployment.Client, reading.Session);
        Assert.Equal(StreamState.Completed, ended.State);
    }

    [Fact]
    public async Task Terminate_Twice_DoesNotWaitForTheGrace()
    {
        // Longer than this process waits for that one's end.
        await using var deployment = await Deployment.StartAsync("Chat:Turns:DrainGrace=00:05:00");
        var endless = Start(deployment, 3, "/demo tokens=10 rate=max hang after=5");
        foreach (var reading in endless)
        {
            await reading.UntilTokenAsync();
        }

        await deployment.Process.TerminateAsync();
        await deployment.UntilNotServingAsync();
        Assert.Equal(0, await deployment.Process.StopAsync());
        await Task.WhenAll(endless.Select(reading => reading.ToEndAsync()));
        AssertEnded(endless, StreamState.Interrupted, StatusCode.Unavailable);
    }

    // The host's own patience is the grace and 10 s: longer than this process waits for that one's end.
    [Theory]
    [InlineData("silent")]
    [InlineData("http/2, idle")]
    [InlineData("reads nothing, has a stream")]
    [InlineData("reads nothing, has one whose turn ends")]
    public async Task Terminate_ClientDoesNotHangUp_IsNotWaitedFor(string client)
    {
        await using var deployment = await Deployment.StartAsync("Chat:Turns:DrainGrace=00:05:00");
        await using var proxy = FaultProxy.Start(
            deployment.Process.Address, () => new FaultPlan(Fault.Hold, AfterBytes: 2_000));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", deployment.Process.Address.Port);
        Task reading = Task.CompletedTask;
        switch (client)
        {
            case "http/2, idle":
                await socket.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray());
                _ = await socket.ReceiveAsync(new byte[100]).InTime();
                break;
            case "reads nothing, has a stream":
                reading = HoldAsync("/demo tokens=1000000 rate=max");
                await proxy.Held.InTime();
                await CancelAllAsync(deployment);
                break;
            case "reads nothing, has one whose turn ends":
                reading = HoldAsync("/demo tokens=3000 rate=1000");
                await proxy.Held.InTime();
                break;
        }

        Assert.Equal(0, await deployment.Process.StopAsync());
        proxy.Release();
        await reading;

        Task HoldAsync(string message) => new ResumingReader(
            new StreamChatRequest { Message = message, SessionId = "held", ClientRequestId = "r" })
            .ReadOnAsync(proxy.Address);
    }

    private static Reading[] Start(Deployment deployment, int count, string message) =>
    [
        .. Enumerable.Range(0, count)
            .Select(_ => Reading.Start(deployment.Client, new StreamChatRequest { Message = message })),
    ];

    private static void AssertEnded(Reading[] readings, StreamState state, StatusCode? failure) =>
        Assert.All(readings, reading =>
        {
            reading.CheckContract();
            Assert.Equal((state, failure), (reading.End.State, reading.Failure?.StatusCode));
        });

    // What comes in at the very moment of the signal may still be answered, but then in whole.
    private static async Task AssertStoppingAsync(Deployment deployment)
    {
        RpcException? failure;
        do
        {
            using var last = Reading.Start(
                deployment.Client, new StreamChatRequest { Message = "/demo tokens=1 rate=max" });
            await last.ToEndAsync();
            failure = last.Failure;
            Assert.Equal(failure is null, last.Events is [.., { StreamEnd.State: StreamState.Completed }]);
        }
        while (failure is null);

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        var info = failure.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!;
        Assert.Equal("SERVICE_STOPPING", info.Reason);
    }

    // Until the session shows a second turn, which can only be queued.
    private static async Task QueuedAsync(Deployment deployment, string session)
    {
        var request = new ListMessagesRequest { SessionId = session };
        ListMessagesResponse listed;
        do
        {
            listed = await deployment.Sessions().ListMessagesAsync(request).ResponseAsync.InTime();
        }
        while (listed.Messages.All(message => message.State != StreamState.Queued));
    }

    private static async Task CancelAllAsync(Deployment deployment) =>
        await deployment.Client.CancelStreamAsync(new CancelStreamRequest { SessionId = "held" })
            .ResponseAsync.InTime();
}
