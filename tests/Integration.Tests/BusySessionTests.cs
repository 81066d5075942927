using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Faults;
using Grpc.Core;
using Grpc.Net.Client;

namespace Integration.Tests;

/// <summary>Several clients and one session; and clients that go away from it.</summary>
public sealed class BusySessionTests
{
    [Fact]
    public async Task StreamChat_QueuedByOtherClients_RunInTheOrderInWhichTheyCame()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var channel = GrpcChannel.ForAddress(deployment.Process.Address);
        var other = new global::Chat.V1.ChatService.ChatServiceClient(channel);
        using var first = Reading.Start(deployment.Client, Send("One"));
        var one = await deployment.StandIn.NextRequestAsync();
        _ = await first.NextAsync();
        using var second = Reading.Start(other, Send("Two", OnBusy.Queue));
        _ = await second.NextAsync();
        using var third = Reading.Start(deployment.Client, Send("Three", OnBusy.Queue));
        _ = await third.NextAsync();

        Assert.Equal((StreamState.Queued, 1), (second.Session.State, second.Session.TurnsAhead));
        Assert.Equal((StreamState.Queued, 2), (third.Session.State, third.Session.TurnsAhead));
        Assert.Equal(1, deployment.StandIn.Requests);
        await one.AnswerAsync("1");
        var two = await deployment.StandIn.NextRequestAsync();
        await two.AnswerAsync("2");
        var three = await deployment.StandIn.NextRequestAsync();
        await three.AnswerAsync("3");
        foreach (var reading in new[] { first, second, third })
        {
            await reading.ToEndAsync();
            reading.CheckContract();
            Assert.Equal(StreamState.Completed, reading.End.State);
        }

        var prompt = three.Body.GetProperty("messages").EnumerateArray()
            .Select(message => message.GetProperty("content").GetString()!);
        Assert.Equal(["One", "1", "Two", "2", "Three"], prompt);
    }

    [Fact]
    public async Task StreamChat_InterruptByAnotherClient_EndsWhatRunsAndWhatWaits()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var channel = GrpcChannel.ForAddress(deployment.Process.Address);
        var other = new global::Chat.V1.ChatService.ChatServiceClient(channel);
        using var first = Reading.Start(deployment.Client, Send("One"));
        var one = await deployment.StandIn.NextRequestAsync();
        await one.StartStreamAsync();
        await one.WriteTextAsync("Partial");
        await first.UntilTokenAsync();
        using var second = Reading.Start(deployment.Client, Send("Two", OnBusy.Queue));
        _ = await second.NextAsync();

        using var third = Reading.Start(other, Send("Three", OnBusy.Interrupt));
        var three = await deployment.StandIn.NextRequestAsync();
        await three.AnswerAsync("3");
        await one.Aborted.InTime();
        foreach (var reading in new[] { first, second, third })
        {
            await reading.ToEndAsync();
            reading.CheckContract();
        }

        Assert.Equal((StreamState.Cancelled, "Partial"), (first.End.State, first.Answer));
        Assert.Equal((StreamState.Cancelled, ""), (second.End.State, second.Answer));
        Assert.Equal((StreamState.Completed, "3"), (third.End.State, third.Answer));
        Assert.Equal(2, deployment.StandIn.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamChat_ConnectionIsReset_EndsTheTurnOnlyIfTheRequestSaysSo(bool cancels)
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        await using var proxy = FaultProxy.Start(
            deployment.Process.Address, () => new FaultPlan(Fault.Reset, AfterBytes: 5_000));
        var send = Send("Hello");
        send.ClientRequestId = "r";
        send.OnDisconnect = cancels ? OnDisconnect.Cancel : OnDisconnect.Continue;
        var reader = new ResumingReader(send);
        var reading = reader.ReadOnAsync(proxy.Address);
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync(new string('x', 6_000));
        await reading;
        Assert.Equal((StatusCode.Unavailable, 1), (reader.Status, proxy.Faults));

        await (cancels ? exchange.Aborted.InTime() : exchange.FinishAsync());
        await reader.ReadOnAsync(deployment.Client);

        reader.CheckContract();
        Assert.Equal(cancels ? StreamState.Cancelled : StreamState.Completed, reader.End.State);
        Assert.Equal(1, deployment.StandIn.Requests);
    }

    private static StreamChatRequest Send(string message, OnBusy onBusy = OnBusy.Unspecified) =>
        new() { Message = message, SessionId = "s", OnBusy = onBusy };
}
