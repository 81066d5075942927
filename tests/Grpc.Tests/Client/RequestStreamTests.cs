using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class RequestStreamTests
{
    [Fact]
    public async Task Write_InLockStep_SendsEachMessageBeforeTheNextExists()
    {
        using var arrived = new SemaphoreSlim(0);
        await using var server = await RawServer.StartAsync(async context =>
        {
            var sum = 0L;
            while (await ReadAsync(context) is { } request)
            {
                sum += request.Value;
                arrived.Release();
            }

            await context.SendAsync(Frame(new SumResponse { Total = sum }));
            context.End(0);
        });

        using var call = server.Client.Sum();
        for (var i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new SumRequest { Value = i }).Soon();
            Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(190, (await call.ResponseAsync.Soon()).Total);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Head_BeforeTheFirstMessage_IsSentAndAnswered()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            context.Response.Headers["x-id"] = context.Request.Headers["x-asked"];
            await context.StartGrpcAsync();
            await context.AbortedAsync();
        });

        using var call = server.Client.Sum(new Metadata { { "x-asked", "7" } });

        Assert.Equal("7", (await call.ResponseHeadersAsync.Soon()).GetValue("x-id"));
    }

    [Fact]
    public async Task Complete_WithoutAMessage_IsAnEmptyStream()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            Assert.Null(await ReadAsync(context));
            await context.SendAsync(Frame(new SumResponse { Total = 7 }));
            context.End(0);
        });

        using var call = server.Client.Sum();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(7, (await call.ResponseAsync.Soon()).Total);
    }

    [Theory]
    [InlineData((int)StatusCode.InvalidArgument)]
    [InlineData(0)]
    public async Task Write_AfterTheServerHasAnswered_FailsWithTheStatusAndTheAnswerStands(int status)
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            _ = await ReadAsync(context);
            await context.SendAsync(Frame(new SumResponse { Total = 1 }));
            context.End(status, "enough");
        });

        using var call = server.Client.Sum();
        var failure = await Assert.ThrowsAsync<RpcException>(() => WriteForEverAsync(call).Soon());

        Assert.Equal((StatusCode)status, failure.StatusCode);
        if (status == 0)
        {
            Assert.Equal(1, (await call.ResponseAsync.Soon()).Total);
        }
        else
        {
            Assert.Equal(failure.Status, (await call.ResponseAsync.FailsSoon()).Status);
        }
    }

    [Fact]
    public async Task Write_ThatNobodyReads_WaitsAndRefusesASecondOne()
    {
        await using var server = await RawServer.StartAsync(context => context.AbortedAsync());

        using var call = server.Client.Sum();
        var write = call.RequestStream.WriteAsync(Large());
        Assert.False(write.IsCompleted);

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new SumRequest()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.CompleteAsync());
        call.Dispose();
        Assert.Equal(StatusCode.Cancelled, (await write.FailsSoon()).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_InTheMiddle_ReachesTheServer(bool ofTheWrite)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await RawServer.StartAsync(async context =>
        {
            begun.SetResult();
            await context.AbortedAsync();
            aborted.SetResult();
        });
        using var cancel = new CancellationTokenSource();

        using var call = server.Client.Sum(cancellationToken: ofTheWrite ? CancellationToken.None : cancel.Token);
        var write = call.RequestStream.WriteAsync(Large(), ofTheWrite ? cancel.Token : CancellationToken.None);
        await begun.Task.Soon();
        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await write.FailsSoon()).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseAsync.FailsSoon()).StatusCode);
        await aborted.Task.Soon();
    }

    [Fact]
    public async Task Connection_LostInTheMiddle_IsUnavailable()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            _ = await ReadAsync(context);
            context.Features.Get<IConnectionLifetimeFeature>()!.Abort();
        });

        using var call = server.Client.Sum();
        var failure = await Assert.ThrowsAsync<RpcException>(() => WriteForEverAsync(call).Soon());

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(failure.Status, (await call.ResponseAsync.FailsSoon()).Status);
    }

    [Fact]
    public async Task Reset_InTheMiddle_IsWhatTheServerSays()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            _ = await ReadAsync(context);
            context.Features.Get<IHttpResetFeature>()!.Reset(0xb);
        });

        using var call = server.Client.Sum();
        var failure = await Assert.ThrowsAsync<RpcException>(() => WriteForEverAsync(call).Soon());

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Equal(failure.Status, (await call.ResponseAsync.FailsSoon()).Status);
    }

    [Fact]
    public async Task Write_WhereNobodyListens_IsUnavailable()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");

        using var call = new EchoService.EchoServiceClient(channel).Sum();
        var failure = await call.RequestStream.WriteAsync(new SumRequest()).FailsSoon();

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task Write_OverTheSendingLimit_EndsTheCall()
    {
        await using var server = await RawServer.StartAsync(
            context => context.AbortedAsync(), new GrpcChannelOptions { MaxSendMessageSize = 10 });

        using var call = server.Client.Sum();
        var failure = await call.RequestStream.WriteAsync(Large()).FailsSoon();

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Equal(failure.Status, (await call.ResponseAsync.FailsSoon()).Status);
    }

    [Fact]
    public async Task Write_AfterTheLast_Throws()
    {
        await using var server = await RawServer.StartAsync(context => context.AbortedAsync());

        using var call = server.Client.Sum();
        await call.RequestStream.CompleteAsync();
        await call.RequestStream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new SumRequest()));
    }

    [Fact]
    public async Task StreamsEachWay_OnThisClient_AreRefusedByName()
    {
        await using var server = await RawServer.StartAsync(_ => Task.CompletedTask);

        var chat = Assert.Throws<NotSupportedException>(() => server.Client.Chat());

        Assert.Contains("/grpctests.v1.EchoService/Chat", chat.Message, StringComparison.Ordinal);
    }

    // Until the call has ended, which a test waits for.
    private static async Task WriteForEverAsync(AsyncClientStreamingCall<SumRequest, SumResponse> call)
    {
        while (true)
        {
            await call.RequestStream.WriteAsync(new SumRequest { Value = 1 });
        }
    }

    // More than the windows of HTTP/2 let through; what the message does not know it carries all the same.
    private static SumRequest Large() =>
        SumRequest.Parser.ParseFrom(new SayRequest { Text = new string('x', 4_000_000) }.ToByteArray());

    // Null: the client has said that there is no more.
    private static async Task<SumRequest?> ReadAsync(HttpContext context)
    {
        var header = new byte[FrameHeader.Size];
        if (await context.Request.Body.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) == 0)
        {
            return null;
        }

        var payload = new byte[header[^1]];
        await context.Request.Body.ReadExactlyAsync(payload);
        return SumRequest.Parser.ParseFrom(payload);
    }
}
