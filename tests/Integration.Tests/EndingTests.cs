using Chat.V1;
using ChatGrpc.TestKit;
using Grpc.Core;

namespace Integration.Tests;

public sealed class EndingTests
{
    [Theory]
    [InlineData("network", StatusCode.Unavailable, "PROVIDER_UNREACHABLE")]
    [InlineData("provider", StatusCode.Unavailable, "PROVIDER_ERROR")]
    [InlineData("authentication", StatusCode.FailedPrecondition, "PROVIDER_AUTHENTICATION")]
    [InlineData("rate-limited", StatusCode.ResourceExhausted, "PROVIDER_RATE_LIMITED")]
    [InlineData("model-unavailable", StatusCode.Unavailable, "MODEL_UNAVAILABLE")]
    [InlineData("content-filtered", StatusCode.InvalidArgument, "CONTENT_FILTERED")]
    [InlineData("context-too-long", StatusCode.InvalidArgument, "CONTEXT_TOO_LONG")]
    public async Task StreamChat_ProviderFails_EndsFailedWithTheReason(string fault, StatusCode code, string reason)
    {
        await using var deployment = await Deployment.StartAsync();

        var before = await Reading.AllAsync(
            deployment.Client, new StreamChatRequest { Message = $"/demo rate=max fail={fault} after=0" });
        var after = await Reading.AllAsync(
            deployment.Client, new StreamChatRequest { Message = $"/demo rate=max fail={fault} after=3" });

        Assert.Equal("SessionInfo Error StreamEnd", before.Shape);
        Assert.Equal("SessionInfo Token Error ResponseSaved StreamEnd", after.Shape);
        Assert.Equal(3, after.Tokens.Count());
        foreach (var reading in new[] { before, after })
        {
            Assert.Equal(StreamState.Failed, reading.End.State);
            Assert.Equal(code, reading.Failure?.StatusCode);
            var info = reading.Failure!.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!;
            Assert.Equal(reason, info.Reason);
            Assert.Equal("demo", info.Metadata["provider"]);
            Assert.Equal(reading.Session.StreamId, info.Metadata["stream_id"]);
            Assert.Equal(reason, reading.Events.Single(e => e.Error is not null).Error.Reason);
        }
    }

    [Fact]
    public async Task Chat_ProviderFails_HasTheStreamsStatus()
    {
        await using var deployment = await Deployment.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => deployment.Client
            .ChatAsync(new ChatRequest { Message = "/demo rate=max fail=rate-limited retry-after=3s" })
            .ResponseAsync.InTime());

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        var retry = failure.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>()!;
        Assert.Equal(TimeSpan.FromSeconds(3), retry.RetryDelay.ToTimeSpan());
    }

    [Fact]
    public async Task StreamChat_ProviderEndsWithoutItsEndMarker_IsNeverCompleted()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Hello" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("Half an ans");
        exchange.End();
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Token Error ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(StreamState.Failed, reading.End.State);
        Assert.Equal(StatusCode.Unavailable, reading.Failure?.StatusCode);
    }

    [Theory]
    [InlineData("FirstToken", "/demo hang after=0", "FIRST_TOKEN_TIMEOUT")]
    [InlineData("Stall", "/demo rate=max hang after=2", "STALL_TIMEOUT")]
    [InlineData("Total", "/demo tokens=1000000 rate=20", "TURN_TIMEOUT")]
    public async Task StreamChat_LimitPasses_EndsFailedWithDeadlineExceeded(string limit, string message, string reason)
    {
        await using var deployment = await Deployment.StartAsync($"Chat:Turns:{limit}=00:00:00.200");

        var reading = await Reading.AllAsync(deployment.Client, new StreamChatRequest { Message = message });

        Assert.Equal(StatusCode.DeadlineExceeded, reading.Failure?.StatusCode);
        Assert.Equal(reason, reading.Events.Single(e => e.Error is not null).Error.Reason);
        Assert.Equal(StreamState.Failed, reading.End.State);
    }

    [Fact]
    public async Task CancelStream_BeforeTheFirstToken_ReachesTheProviderAndEndsCancelled()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Hello" });
        var session = (await reading.NextAsync())!.SessionInfo;
        var exchange = await deployment.StandIn.NextRequestAsync();

        var cancelled = await CancelAsync(deployment, session.StreamId);
        await exchange.Aborted.InTime();
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Null(reading.Failure);
        Assert.Equal(StreamState.Cancelled, reading.End.State);
        Assert.Equal((reading.End.LastSequence, StreamState.Cancelled), (cancelled.LastSequence, cancelled.State));
    }

    [Fact]
    public async Task CancelStream_InTheMiddle_KeepsThePartialAndEstimatesUsage()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Hello" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("Once upon a time");
        await reading.UntilTokenAsync();

        var cancelled = await CancelAsync(deployment, reading.Session.StreamId);
        var again = await CancelAsync(deployment, reading.Session.StreamId);
        await exchange.Aborted.InTime();
        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Token Done ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(FinishReason.Cancelled, reading.Events.Single(e => e.Done is not null).Done.FinishReason);
        Assert.Equal(UsageSource.Estimated, reading.End.Usage.Source);
        Assert.Equal(4, reading.End.Usage.CompletionTokens);
        Assert.Equal(cancelled, again);
        Assert.Equal(reading.End.LastSequence, cancelled.LastSequence);
    }

    [Fact]
    public async Task CancelStream_WhatEnded_IsOkAndSaysHow()
    {
        await using var deployment = await Deployment.StartAsync();
        var reading = await Reading.AllAsync(
            deployment.Client, new StreamChatRequest { Message = "/demo tokens=3 rate=max" });

        var cancelled = await CancelAsync(deployment, reading.Session.StreamId);

        Assert.Equal(StreamState.Completed, cancelled.State);
        Assert.Equal(reading.End.LastSequence, cancelled.LastSequence);
    }

    [Fact]
    public async Task StreamChat_ReaderGoesAway_TheTurnGoesOnAndIsSaved()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "One", SessionId = "left" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("The whole ");
        await reading.UntilTokenAsync();
        reading.Dispose();
        await exchange.WriteTextAsync("answer");
        await exchange.FinishAsync();
        var cancelled = await CancelAsync(deployment, reading.Session.StreamId);

        // The cancel may have come first; what had been said by then is there in either case.
        Assert.True(cancelled.State is StreamState.Completed or StreamState.Cancelled);
        using var next = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Two", SessionId = "left" });
        var prompt = (await deployment.StandIn.NextRequestAsync()).Body.GetProperty("messages");
        Assert.Contains("The whole ", prompt[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamChat_DeltaThatNoClientTakes_FailsBeforeItIsShown()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        using var reading = Reading.Start(deployment.Client, new StreamChatRequest { Message = "Much" });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("Begin");
        await exchange.WriteTextAsync(new string('x', 5_000_000));

        await reading.ToEndAsync();

        reading.CheckContract();
        Assert.Equal("SessionInfo Token Error ResponseSaved StreamEnd", reading.Shape);
        Assert.Equal(("Begin", StreamState.Failed), (reading.Answer, reading.End.State));
        await exchange.Aborted.InTime();
    }

    [Fact]
    public async Task StreamChat_ReaderGoesAwayUnderCancelPolicy_ReachesTheProvider()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();
        var reading = Reading.Start(deployment.Client, new StreamChatRequest
        {
            Message = "One",
            OnDisconnect = OnDisconnect.Cancel,
        });
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("Something");
        await reading.UntilTokenAsync();

        reading.Dispose();

        await exchange.Aborted.InTime();
        var ended = await CancelAsync(deployment, reading.Session.StreamId);
        Assert.Equal(StreamState.Cancelled, ended.State);
    }

    [Fact]
    public async Task StreamChat_DeadlinePasses_EndsTheReadingAlone()
    {
        await using var deployment = await Deployment.StartWithStandInAsync();

        // Long enough for a young process to begin the stream, and all of it is waited for.
        using var reading = Reading.Start(
            deployment.Client,
            new StreamChatRequest { Message = "One" },
            new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(4)));
        var exchange = await deployment.StandIn.NextRequestAsync();
        await reading.ToEndAsync();
        Assert.Equal(StatusCode.DeadlineExceeded, reading.Failure?.StatusCode);

        Assert.False(exchange.Aborted.IsCompleted);
        var ended = await CancelAsync(deployment, reading.Session.StreamId);
        Assert.Equal(StreamState.Cancelled, ended.State);
    }

    private static Task<CancelStreamResponse> CancelAsync(Deployment deployment, string streamId) =>
        deployment.Client.CancelStreamAsync(new CancelStreamRequest { StreamId = streamId }).ResponseAsync.InTime();
}
