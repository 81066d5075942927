using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;

namespace Integration.Tests;

/// <summary>Calls whose deadline passes at the service; a gRPC client would have given up by itself.</summary>
public sealed class DeadlineTests
{
    private const string DeadlineExceeded = "4";

    // The gRPC stack speaks for a handler that a busy machine keeps from answering within 100 ms.
    private const int Tries = 5;

    [Theory]
    [InlineData("StreamChat")]
    [InlineData("Chat")]
    public async Task Call_PastItsDeadline_SaysHowFarItCameAndTheTurnGoesOn(string method)
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var (call, exchange) = await AskAsync(deployment, method, "s");
        for (var tries = 1; call.AnyInfo.Domain == "grpc" && tries < Tries; tries++)
        {
            Assert.Equal((DeadlineExceeded, "DEADLINE_EXCEEDED"), (call.Status, call.AnyInfo.Reason));
            Assert.False(exchange.Aborted.IsCompleted);
            (call, exchange) = await AskAsync(deployment, method, $"s{tries}");
        }

        Assert.Equal((DeadlineExceeded, "DEADLINE_EXCEEDED"), (call.Status, call.Reason));
        Assert.Equal("2", call.Info.Metadata["last_sequence"]);
        Assert.False(exchange.Aborted.IsCompleted);
        var cancelled = await deployment.Client
            .CancelStreamAsync(new CancelStreamRequest { StreamId = call.Info.Metadata["stream_id"] })
            .ResponseAsync.InTime();
        Assert.Equal(StreamState.Cancelled, cancelled.State);
    }

    private static async Task<(RawCall Call, ProviderExchange Exchange)> AskAsync(
        Deployment deployment, string method, string session)
    {
        var request = new StreamChatRequest { Message = "Hello", SessionId = session };
        var calling = RawCall.SendAsync(
            deployment.Process.Address, $"/chat.v1.ChatService/{method}", request, ("grpc-timeout", "5S"));
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("So ");
        await exchange.WriteTextAsync("far");
        return (await calling, exchange);
    }
}
