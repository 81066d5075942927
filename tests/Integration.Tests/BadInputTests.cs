using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Grpc.Core;

namespace Integration.Tests;

public sealed class BadInputTests
{
    public static TheoryData<string, string> FieldsAtFault => new()
    {
        { """{"message":"x","onDisconnect":99}""", "on_disconnect" },
        { """{"message":"x","parts":[{}]}""", "parts[0].content" },
        { """{}""", "message" },
        { """{"message":" \t\n"}""", "message" },
        { """{"message":"a\u0000b"}""", "message" },
        { """{"message":"x","temperature":"NaN"}""", "temperature" },
        { """{"message":"x","temperature":-1}""", "temperature" },
        { """{"message":"x","maxOutputTokens":0}""", "max_output_tokens" },
        { """{"message":"x","maxOutputTokens":2147483648}""", "max_output_tokens" },
        { """{"message":"x","sessionId":"not allowed"}""", "session_id" },
        { """{"message":"x","contextLimit":201}""", "context_limit" },
        { """{"parts":[{"image":{"mediaType":"image/tiff","data":"AAAA"}}]}""", "parts[0].image.media_type" },
        { """{"parts":[{"image":{"mediaType":"image/png","data":"AAAA"}}]}""", "parts[0].image.data" },
    };

    [Theory]
    [MemberData(nameof(FieldsAtFault))]
    public async Task StreamChat_FieldAtFault_IsNamedAndNothingIsSaved(string json, string field)
    {
        await using var deployment = await Deployment.StartAsync();

        var failure = await FailAsync(deployment, JsonParser.Default.Parse<StreamChatRequest>(json));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        var request = failure.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!;
        Assert.Equal(field, Assert.Single(request.FieldViolations).Field);
        Assert.Contains(field, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamChat_TextAtItsBound_IsTakenAndOneMoreIsNot()
    {
        await using var deployment = await Deployment.StartAsync();
        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 100_000));

        var taken = await Reading.AllAsync(deployment.Client, new StreamChatRequest
        {
            Message = "/demo tokens=1 rate=max",
            Parts = { new Part { Text = longest } },
        });
        var failure = await FailAsync(deployment, new StreamChatRequest { Message = longest + "x" });

        Assert.Equal(StreamState.Completed, taken.End.State);
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Theory]
    [InlineData("demoo", StatusCode.NotFound, "MODEL_NOT_FOUND", "Did you mean demo?")]
    [InlineData("gpt-99", StatusCode.NotFound, "MODEL_NOT_FOUND", "Models here: demo")]
    public async Task StreamChat_UnknownModel_SaysWhatThereIs(
        string model, StatusCode code, string reason, string words)
    {
        await using var deployment = await Deployment.StartAsync();

        var failure = await FailAsync(deployment, new StreamChatRequest { Message = "x", Model = model });

        Assert.Equal(code, failure.StatusCode);
        Assert.Equal(reason, failure.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason);
        Assert.Contains(words, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamChat_WhatComesLater_IsRefusedClearly()
    {
        await using var deployment = await Deployment.StartAsync();

        var agent = await FailAsync(deployment, new StreamChatRequest { Message = "x", Agent = "helper" });

        Assert.Equal(StatusCode.NotFound, agent.StatusCode);
    }

    [Fact]
    public async Task StreamChat_BusySessionOrUsedRequestId_IsRefusedAndTheFirstGoesOn()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(
            deployment.Client,
            new StreamChatRequest { Message = "One", SessionId = "s", ClientRequestId = "r-1" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        _ = await reading.NextAsync();

        var busy = await FailAsync(deployment, new StreamChatRequest { Message = "Two", SessionId = "s" });
        var again = await FailAsync(deployment, new StreamChatRequest { Message = "One", ClientRequestId = "r-1" });
        await exchange.AnswerAsync("whole");
        await reading.ToEndAsync();

        Assert.Equal(StatusCode.Aborted, busy.StatusCode);
        Assert.Equal(StatusCode.AlreadyExists, again.StatusCode);
        reading.CheckContract();
        Assert.Equal("whole", reading.Answer);
    }

    [Fact]
    public async Task StreamChat_RequestOverSixteenMebibytes_IsResourceExhausted()
    {
        await using var deployment = await Deployment.StartAsync();
        var image = new Image { MediaType = "image/png", Data = ByteString.CopyFrom(new byte[6_000_000]) };
        var part = new Part { Image = image };

        var failure = await FailAsync(deployment, new StreamChatRequest { Parts = { part, part, part } });

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task CancelStream_UnknownOrNone_SaysSo()
    {
        await using var deployment = await Deployment.StartAsync();

        var unknown = await Assert.ThrowsAsync<RpcException>(() => deployment.Client
            .CancelStreamAsync(new CancelStreamRequest { StreamId = "nothing" }).ResponseAsync.InTime());
        var none = await Assert.ThrowsAsync<RpcException>(() => deployment.Client
            .CancelStreamAsync(new CancelStreamRequest()).ResponseAsync.InTime());

        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, none.StatusCode);
    }

    private static async Task<RpcException> FailAsync(Deployment deployment, StreamChatRequest request)
    {
        using var reading = Reading.Start(deployment.Client, request);
        await reading.ToEndAsync();
        Assert.Empty(reading.Events);
        return reading.Failure!;
    }
}
