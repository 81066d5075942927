using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using Grpc.Core;
using Grpc.Net.Client;

namespace Integration.Tests;

public sealed class CancelTests
{
    [Fact]
    public async Task CancelStream_RacingDone_HasOneTerminalEvent()
    {
        const int Races = 100;
        var dice = Dice.Roll();
        await using var deployment = await Deployment.StartWithStandInAsync();
        var cancelled = 0;

        for (var race = 0; race < Races; race++)
        {
            using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = $"{race}" });
            var exchange = await deployment.StandIn.NextRequestAsync();
            await exchange.StartStreamAsync();
            await exchange.WriteTextAsync("All of it");
            await reading.UntilTokenAsync();

            var finishing = dice.Next(2) == 0 ? FinishAsync(exchange) : null;
            var cancelling = CancelAsync(deployment.Client, Stream(reading));
            await (finishing ?? FinishAsync(exchange));
            var ended = await cancelling;
            await reading.ToEndAsync();

            reading.CheckContract();
            Assert.Equal("SessionInfo Token Done ResponseSaved StreamEnd", reading.Shape);
            Assert.Equal((reading.End.State, reading.End.LastSequence), (ended.State, ended.LastSequence));
            Assert.Equal(ended, await CancelAsync(deployment.Client, Stream(reading)));
            if (ended.State == StreamState.Cancelled)
            {
                await exchange.Aborted.InTime();
                cancelled++;
            }
            else
            {
                Assert.Equal(StreamState.Completed, ended.State);
            }

            exchange.End();
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{cancelled} of {Races} were cancelled, the rest completed.");
        Assert.Equal(Races, deployment.StandIn.Requests);
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("request")]
    [InlineData("session")]
    public async Task CancelStream_FromAnotherConnectionBeforeTheFirstToken_ReachesTheProvider(string target)
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest
        {
            Message = "Hello",
            SessionId = "s",
            ClientRequestId = "r",
        });
        var exchange = await deployment.StandIn.NextRequestAsync();
        _ = await reading.NextAsync();
        var request = target switch
        {
            "request" => new CancelStreamRequest { ClientRequestId = "r" },
            "session" => new CancelStreamRequest { SessionId = "s" },
            _ => Stream(reading),
        };

        using var channel = GrpcChannel.ForAddress(deployment.Process.Address);
        var other = new global::Chat.V1.ChatService.ChatServiceClient(channel);
        var ended = await CancelAsync(other, request);
        var again = await CancelAsync(other, request);
        await exchange.Aborted.InTime();
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(
            (reading.Session.StreamId, StreamState.Cancelled, reading.End.LastSequence),
            (ended.StreamId, ended.State, ended.LastSequence));
        Assert.Equal(ended, again);
    }

    [Fact]
    public async Task CancelStream_WhatEndedByRequestOrSession_SaysHowItEnded()
    {
        await using var deployment = await Deployment.StartAsync();
        var reading = await Reading.AllAsync(deployment.Client, new StreamChatRequest
        {
            Message = "/demo tokens=3 rate=max",
            SessionId = "s",
            ClientRequestId = "r",
        });
        await deployment.Process.StopAsync();
        await deployment.StartAgainAsync();

        var byRequest = await CancelAsync(deployment.Client, new CancelStreamRequest { ClientRequestId = "r" });
        var bySession = await CancelAsync(deployment.Client, new CancelStreamRequest { SessionId = "s" });

        Assert.Equal(
            (reading.Session.StreamId, StreamState.Completed, reading.End.LastSequence),
            (byRequest.StreamId, byRequest.State, byRequest.LastSequence));
        Assert.Equal(byRequest, bySession);
    }

    [Theory]
    [InlineData("request")]
    [InlineData("session")]
    public async Task CancelStream_UnknownRequestOrSession_IsNotFound(string target)
    {
        await using var deployment = await Deployment.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => CancelAsync(
            deployment.Client,
            target == "request"
                ? new CancelStreamRequest { ClientRequestId = "nothing" }
                : new CancelStreamRequest { SessionId = "nothing" }));

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    // All that ends an answer, while the connection stays open: whoever closes it then is the service.
    private static async Task FinishAsync(ProviderExchange exchange)
    {
        await exchange.WriteEventAsync(OpenAIWire.Finish("stop"));
        await exchange.WriteEventAsync(OpenAIWire.Usage(promptTokens: 9, completionTokens: 12));
        await exchange.WriteAsync(OpenAIWire.Done);
    }

    private static CancelStreamRequest Stream(Reading reading) => new() { StreamId = reading.Session.StreamId };

    private static Task<CancelStreamResponse> CancelAsync(
        global::Chat.V1.ChatService.ChatServiceClient client, CancelStreamRequest request) =>
        client.CancelStreamAsync(request).ResponseAsync.InTime();
}
