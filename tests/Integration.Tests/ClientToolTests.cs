using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Providers;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>Tools that the client runs: the turn waits for it, whatever becomes of the service.</summary>
public sealed class ClientToolTests
{
    private static readonly ScriptedCall Look = new("call_b", "look", """{"where":""", "\"kitchen\"}");

    [Fact]
    public async Task Send_ClientTool_WaitsUntilAnyClientGivesTheResult()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, Asking());
        await (await deployment.StandIn.NextRequestAsync()).CallAsync(Look);
        var call = await reading.UntilCallAsync();
        Assert.Equal(ToolKind.Client, call.Kind);
        await WaitingAsync(deployment, reading.Session.SessionId);
        using var busy = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "And?", SessionId = reading.Session.SessionId });
        await busy.ToEndAsync();
        Assert.Equal(StatusCode.Aborted, busy.Failure?.StatusCode);

        var taken = await SubmitAsync(deployment, reading, call.Id, """{"seen":"a cat"}""");

        Assert.Equal(StreamState.Running, taken.State);
        var next = await deployment.StandIn.NextRequestAsync();
        var last = next.Body.GetProperty("messages").EnumerateArray().Last();
        Assert.Contains("a cat", $"{last}", StringComparison.Ordinal);
        await next.AnswerAsync("A cat.");
        await reading.ToEndAsync();
        reading.CheckContract();
        Assert.Equal("A cat.", reading.Answer);

        // Whoever did not hear that it was taken may say so again, also when the turn has ended.
        Assert.Equal(
            StreamState.Completed, (await SubmitAsync(deployment, reading, call.Id, """{"seen":"a cat"}""")).State);
        await AssertRefusedAsync(
            StatusCode.AlreadyExists, () => SubmitAsync(deployment, reading, call.Id, """{"seen":"a dog"}"""));
    }

    [Fact]
    public async Task Kill_WhileItWaits_TheNextProcessTakesTheResultAndGoesOn()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var reader = new ResumingReader(Asking(requestId: "once"));
        var reading = reader.ReadOnAsync(deployment.Client);
        var first = await deployment.StandIn.NextRequestAsync();
        await first.StartStreamAsync();
        await first.WriteTextAsync("I look.");
        await first.WriteCallAsync(Look);
        await first.FinishAsync();
        await WaitingAsync(deployment, "session");
        await deployment.Process.KillAsync();
        await reading;
        await deployment.StartAgainAsync();
        reading = reader.ReadOnAsync(deployment.Client);
        var call = reader.Log.Single(e => e.ToolCall?.ArgumentsJson.Length > 0).ToolCall;

        _ = await deployment.Client.SubmitToolResultAsync(new SubmitToolResultRequest
        {
            StreamId = reader.Info!.StreamId,
            ToolCallId = call.Id,
            Text = "a cat",
        });

        var next = await deployment.StandIn.NextRequestAsync();
        Assert.Contains("I look.", $"{next.Body.GetProperty("messages")}", StringComparison.Ordinal);
        await next.AnswerAsync("A cat.");
        await reading;
        reader.CheckContract();
        Assert.Equal(2, reader.Info.Epoch);
        Assert.Equal("I look.\n\nA cat.", Reading.AnswerOf(reader.Log));
        Assert.Equal(2, deployment.StandIn.Requests);
        Assert.Equal(2, reader.End.Attempts.Count);
        Assert.Equal(18, reader.End.Usage.PromptTokens);
    }

    [Fact]
    public async Task Terminate_WhileItWaits_StopsAtOnceAndWaitsOn()
    {
        await using var deployment = await Deployment.StartWithStandInAsync("Chat:Turns:DrainGrace=00:05:00");
        using var reading = Reading.Start(deployment.Client, Asking());
        await (await deployment.StandIn.NextRequestAsync()).CallAsync(Look);
        var call = await reading.UntilCallAsync();
        await WaitingAsync(deployment, "session");

        Assert.Equal(0, await deployment.Process.StopAsync());
        await reading.ToEndAsync();
        Assert.Equal(StatusCode.Unavailable, reading.Failure?.StatusCode);
        await deployment.StartAgainAsync();

        _ = await SubmitAsync(deployment, reading, call.Id, "{}");
        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync("Done.");
        var again = await Reading.AllAsync(
            deployment.Client, new StreamChatRequest { Resume = new Resume { StreamId = reading.Session.StreamId } });
        Assert.Equal(StreamState.Completed, again.End.State);
    }

    [Fact]
    public async Task Cancel_WhileItWaits_EndsIt()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, Asking());
        await (await deployment.StandIn.NextRequestAsync()).CallAsync(Look);
        var call = await reading.UntilCallAsync();
        await WaitingAsync(deployment, "session");

        var ended = await deployment.Client.CancelStreamAsync(
            new CancelStreamRequest { StreamId = reading.Session.StreamId });

        Assert.Equal(StreamState.Cancelled, ended.State);
        await reading.ToEndAsync();
        reading.CheckContract();
        Assert.Equal(StreamState.Cancelled, reading.End.State);
        await AssertRefusedAsync(
            StatusCode.FailedPrecondition, () => SubmitAsync(deployment, reading, call.Id, "{}"));
    }

    [Fact]
    public async Task Submit_WhatCannotBe_ClearCodesAndTheTurnIsUnharmed()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, Asking());
        await (await deployment.StandIn.NextRequestAsync()).CallAsync(Look);
        var call = await reading.UntilCallAsync();
        await WaitingAsync(deployment, "session");

        await AssertRefusedAsync(StatusCode.NotFound, () => SubmitAsync(deployment, reading, "another", "{}"));
        await AssertRefusedAsync(StatusCode.InvalidArgument, () => SubmitAsync(deployment, reading, call.Id, "{no"));
        await AssertRefusedAsync(
            StatusCode.InvalidArgument,
            () => SubmitAsync(deployment, reading, call.Id, $"\"{new string('x', 10_000_000)}\""));
        await AssertRefusedAsync(StatusCode.InvalidArgument, async () =>
            await deployment.Client.SubmitToolResultAsync(new SubmitToolResultRequest()));
        await AssertRefusedAsync(StatusCode.NotFound, async () =>
            await deployment.Client.SubmitToolResultAsync(
                new SubmitToolResultRequest { StreamId = "absent", ToolCallId = call.Id, Text = "" }));

        _ = await SubmitAsync(deployment, reading, call.Id, "{}");
        await (await deployment.StandIn.NextRequestAsync()).AnswerAsync("Fine.");
        await reading.ToEndAsync();
        Assert.Equal("Fine.", reading.Answer);
    }

    [Fact]
    public async Task Submit_ToAnotherTenantsTurn_IsLikeToNoneAndTheTurnWaitsOn()
    {
        var (owner, another) = (new TestKey("owner"), new TestKey("another"));
        await using var deployment = await Deployment.StartWithStandInAsync(owner.Setting, another.Setting);
        using var reading = Reading.Start(
            deployment.Client, Asking(), new CallOptions(new Metadata { { "authorization", owner.Bearer } }));
        await (await deployment.StandIn.NextRequestAsync()).CallAsync(Look);
        var call = await reading.UntilCallAsync();
        var streamId = reading.Session.StreamId;
        var absentId = Guid.CreateVersion7().ToString();

        var foreign = await SubmitByAsync(another, streamId);
        var absent = await SubmitByAsync(another, absentId);
        var own = await SubmitByAsync(owner, streamId);

        Assert.Equal(("5", "STREAM_NOT_FOUND"), (foreign.Status, foreign.Reason));
        Assert.Equal((absent.Message, absent.Details), (foreign.Message, foreign.Details));
        Assert.Equal("0", own.Status);
        var next = await deployment.StandIn.NextRequestAsync();
        Assert.Contains("from owner", $"{next.Body}", StringComparison.Ordinal);
        await next.AnswerAsync("Seen.");
        await reading.ToEndAsync();
        Assert.Equal("Seen.", reading.Answer);

        Task<RawCall> SubmitByAsync(TestKey key, string stream) => RawCall.SendAsync(
            deployment.Process.Address, "/chat.v1.ChatService/SubmitToolResult",
            new SubmitToolResultRequest
            {
                StreamId = stream,
                ToolCallId = call.Id,
                Text = key == owner ? "from owner" : "from another",
            },
            ("authorization", key.Bearer));
    }

    private static StreamChatRequest Asking(string requestId = "") => new()
    {
        Message = "What is there?",
        SessionId = "session",
        ClientRequestId = requestId,
        Tools = new() { ClientTools = { new ClientTool { Name = "look", Description = "Looks around." } } },
    };

    private static async Task WaitingAsync(Deployment deployment, string session)
    {
        using var watch = await Watch.StartAsync(deployment, session);
        _ = await watch.UntilMessageAsync(StreamState.Waiting);
    }

    private static async Task<SubmitToolResultResponse> SubmitAsync(
        Deployment deployment, Reading reading, string callId, string json) =>
        await deployment.Client.SubmitToolResultAsync(
            new SubmitToolResultRequest { StreamId = reading.Session.StreamId, ToolCallId = callId, Json = json });

    private static async Task AssertRefusedAsync<T>(StatusCode expected, Func<Task<T>> call) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => call().InTime())).StatusCode);
}
