using Chat.V1;
using ChatGrpc.TestKit;

namespace Integration.Tests;

/// <summary>Calls whose deadline passes at the service; a gRPC client would have given up by itself.</summary>
public sealed class DeadlineTests
{
    private const string DeadlineExceeded = "4";

    [Theory]
    [InlineData("StreamChat")]
    [InlineData("Chat")]
    public async Task Call_PastItsDeadline_SaysHowFarItCameAndTheTurnGoesOn(string method)
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var request = new StreamChatRequest { Message = "Hello", SessionId = "s" };
        var calling = RawCall.SendAsync(
            deployment.Process.Address, $"/chat.v1.ChatService/{method}", request, ("grpc-timeout", "5S"));
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("So ");
        await exchange.WriteTextAsync("far");

        var call = await calling;

        Assert.Equal((DeadlineExceeded, "DEADLINE_EXCEEDED"), (call.Status, call.Reason));
        Assert.Equal("2", call.Info.Metadata["last_sequence"]);
        Assert.False(exchange.Aborted.IsCompleted);
        var cancelled = await deployment.Client
            .CancelStreamAsync(new CancelStreamRequest { StreamId = call.Info.Metadata["stream_id"] })
            .ResponseAsync.InTime();
        Assert.Equal(StreamState.Cancelled, cancelled.State);
    }
}
