using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>Places to resume from that are none, and ways of delivery that are none.</summary>
public sealed class ResumeInputTests
{
    [Fact]
    public async Task StreamChat_WrongDeliveryOrResume_NamesTheFieldAndSavesNothing()
    {
        (string Json, string Field)[] faults =
        [
            ("""{"message":"x","onBusy":99}""", "on_busy"),
            ("""{"message":"x","onBusy":-1}""", "on_busy"),
            ("""{"message":"x","onDisconnect":3}""", "on_disconnect"),
            ("""{"message":"x","durability":3}""", "durability"),
            ("""{"message":"x","pacing":{"strategy":99}}""", "pacing.strategy"),
            ("""{"message":"x","pacing":{}}""", "pacing.strategy"),
            ("""{"message":"x","pacing":{"strategy":1}}""", "pacing.characters_per_second"),
            ("""{"message":"x","pacing":{"strategy":2,"charactersPerSecond":"NaN"}}""",
                "pacing.characters_per_second"),
            ("""{"message":"x","coalescing":{"maxDelayMs":0}}""", "coalescing.max_delay_ms"),
            ("""{"message":"x","coalescing":{"maxCharacters":10001}}""", "coalescing.max_characters"),
            ("""{"message":"x","clientRequestId":"no spaces"}""", "client_request_id"),
            ($$"""{"message":"x","clientRequestId":"{{new string('r', 10_240)}}"}""", "client_request_id"),
            ("""{"resume":{}}""", "resume.stream_id"),
            ("""{"resume":{"streamId":"s","epoch":1,"afterSequence":-1}}""", "resume.after_sequence"),
            ("""{"resume":{"streamId":"s","epoch":-1}}""", "resume.epoch"),
            ("""{"resume":{"streamId":"s","epoch":0,"afterSequence":5}}""", "resume.epoch"),
            ("""{"message":"x","resume":{"streamId":"s"}}""", "resume"),
            ("""{"clientRequestId":"r","resume":{"streamId":"s"}}""", "resume"),
            ("""{"message":"x","continueFrom":"s"}""", "message"),
        ];
        await using var deployment = await Deployment.StartAsync();

        foreach (var (json, field) in faults)
        {
            var failure = await FailAsync(deployment, JsonParser.Default.Parse<StreamChatRequest>(json));
            Assert.Equal((json, StatusCode.InvalidArgument), (json, failure.StatusCode));
            var violations = failure.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations;
            Assert.Equal((json, field), (json, Assert.Single(violations).Field));
        }

        var sessions = await deployment.Sessions().ListSessionsAsync(new ListSessionsRequest()).ResponseAsync.InTime();
        Assert.Empty(sessions.Sessions);
    }

    [Fact]
    public async Task Resume_BeyondTheEnd_IsOutOfRangeWhetherItRunsOrHasEnded()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Hello" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("So far");
        await reading.UntilTokenAsync();
        var stream = reading.Session.StreamId;

        await AssertOutOfRangeAsync(deployment, stream, epoch: 1, after: 2, last: 1);
        await AssertOutOfRangeAsync(deployment, stream, epoch: 2, after: 1, last: 1);
        await exchange.FinishAsync();
        await reading.ToEndAsync();

        var last = reading.End.LastSequence;
        await AssertOutOfRangeAsync(deployment, stream, epoch: 1, after: last + 1, last);
        await AssertOutOfRangeAsync(deployment, stream, epoch: 1, after: long.MaxValue, last);
        await AssertOutOfRangeAsync(deployment, stream, epoch: 7, after: 1, last);
    }

    [Fact]
    public async Task Resume_AfterTheLastEvent_IsSessionInfoAndTheTurnsStatus()
    {
        await using var deployment = await Deployment.StartAsync();
        var whole = await Reading.AllAsync(
            deployment.Client, new StreamChatRequest { Message = "/demo rate=max fail=network after=3" });
        var resume = new Resume
        {
            StreamId = whole.Session.StreamId,
            Epoch = whole.Session.Epoch,
            AfterSequence = whole.End.LastSequence,
        };

        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Resume = resume });
        await reading.ToEndAsync();

        Assert.Equal(StreamState.Failed, Assert.Single(reading.Events).SessionInfo?.State);
        Assert.Equal(whole.Failure!.Status, reading.Failure?.Status);
    }

    [Fact]
    public async Task Resume_ExpiredLog_IsFailedPreconditionWithTheMessage()
    {
        await using var deployment = await Deployment.StartAsync("Chat:Turns:Retention=00:00:01");
        var reading = await Reading.AllAsync(
            deployment.Client, new StreamChatRequest { Message = "/demo tokens=3 rate=max" });
        var resume = new StreamChatRequest { Resume = new Resume { StreamId = reading.Session.StreamId } };

        // A reading that has begun before the log expired may lose it in the middle; the next one says why.
        RpcException? failure;
        bool hasBegun;
        do
        {
            using var again = Reading.Start(deployment.Client, resume);
            await again.ToEndAsync();
            (failure, hasBegun) = (again.Failure, again.Events.Count > 0);
        }
        while (failure is null || hasBegun);

        Assert.Equal(1, reading.Session.RetentionSeconds);
        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        var info = failure.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!;
        Assert.Equal(("LOG_EXPIRED", reading.Session.MessageId), (info.Reason, info.Metadata["message_id"]));
        var kept = await deployment.Sessions()
            .ListMessagesAsync(new ListMessagesRequest { SessionId = reading.Session.SessionId })
            .ResponseAsync.InTime();
        var answer = kept.Messages.Single(message => message.MessageId == reading.Session.MessageId);
        Assert.Equal(reading.Answer, answer.Parts[0].Text);
    }

    [Fact]
    public async Task Resume_UnknownStream_IsNotFound()
    {
        await using var deployment = await Deployment.StartAsync();

        var failure = await FailAsync(
            deployment, new StreamChatRequest { Resume = new Resume { StreamId = "nothing" } });

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    private static async Task AssertOutOfRangeAsync(
        Deployment deployment, string streamId, long epoch, long after, long last)
    {
        var resume = new Resume { StreamId = streamId, Epoch = epoch, AfterSequence = after };
        var failure = await FailAsync(deployment, new StreamChatRequest { Resume = resume });
        Assert.Equal(StatusCode.OutOfRange, failure.StatusCode);
        var info = failure.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!;
        Assert.Equal(("1", $"{last}"), (info.Metadata["epoch"], info.Metadata["last_sequence"]));
    }

    private static async Task<RpcException> FailAsync(Deployment deployment, StreamChatRequest request)
    {
        using var reading = Reading.Start(deployment.Client, request);
        await reading.ToEndAsync();
        Assert.Empty(reading.Events);
        return reading.Failure!;
    }
}
