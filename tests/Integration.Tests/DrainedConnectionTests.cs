using System.Net.Sockets;
using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;
using Grpc.Net.Client;

namespace Integration.Tests;

/// <summary>What becomes of clients' connections to a service that is told to stop.</summary>
public sealed class DrainedConnectionTests
{
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
    public async Task Terminate_WhileAnAnswerIsMade_NextCallsGoByNewConnections()
    {
        await using var deployment = await Deployment.StartAsync("Chat:Turns:DrainGrace=00:05:00");
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                _ = Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var channel = GrpcChannel.ForAddress(
            deployment.Process.Address, new GrpcChannelOptions { HttpHandler = handler });
        var client = new ChatService.ChatServiceClient(channel);
        using var endless = Reading.Start(
            client, new StreamChatRequest { Message = "/demo tokens=100000 rate=50", SessionId = "s" });
        await endless.UntilTokenAsync();
        Assert.Equal(1, connections);

        await deployment.Process.TerminateAsync();
        await deployment.UntilNotServingAsync();
        await UntilMovedAsync().InTime();
        await endless.UntilTokenAsync();
        Assert.Null(endless.Failure);

        _ = await client.CancelStreamAsync(new CancelStreamRequest { SessionId = "s" }).ResponseAsync.InTime();
        await endless.ToEndAsync();
        Assert.Equal(0, await deployment.Process.WaitForExitAsync());

        async Task UntilMovedAsync()
        {
            while (Volatile.Read(ref connections) == 1)
            {
                using var refused = Reading.Start(client, new StreamChatRequest { Message = "Hello" });
                await refused.ToEndAsync();
                Assert.Equal(StatusCode.Unavailable, refused.Failure?.StatusCode);
            }
        }
    }
}
