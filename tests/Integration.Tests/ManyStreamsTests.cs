using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Net.Client;

namespace Integration.Tests;

public sealed class ManyStreamsTests
{
    // The client opens no second connection, so whatever is asked beside the streams travels among them.
    [Fact]
    public async Task CancelStream_AmongAThousandOpenStreamsOfOneConnection_IsAnswered()
    {
        const int Streams = 1_000;
        await using var deployment = await Deployment.StartAsync();
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        using var channel = GrpcChannel.ForAddress(
            deployment.Process.Address, new GrpcChannelOptions { HttpHandler = handler });
        var client = new Chat.V1.ChatService.ChatServiceClient(channel);
        var endless = new StreamChatRequest { Message = "/demo tokens=3 rate=max hang after=1" };
        var readings = Enumerable.Range(0, Streams).Select(_ => Reading.Start(client, endless)).ToArray();
        foreach (var reading in readings)
        {
            await reading.UntilTokenAsync();
            Assert.Null(reading.Failure);
        }

        var last = readings[^1];
        var cancelled = await client
            .CancelStreamAsync(new CancelStreamRequest { StreamId = last.Session.StreamId }).ResponseAsync.InTime();
        await last.ToEndAsync();

        Assert.Equal(StreamState.Cancelled, cancelled.State);
        Assert.Equal(StreamState.Cancelled, last.End.State);
        Assert.Equal(cancelled.LastSequence, last.End.LastSequence);
        foreach (var reading in readings)
        {
            reading.Dispose();
        }
    }
}
