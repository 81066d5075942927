using Grpc.Core;
using Grpc.Tests.V1;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class StreamingCallTests
{
    [Fact]
    public async Task MoveNext_InLockStep_DeliversEachMessageBeforeTheNextExists()
    {
        using var mayWrite = new SemaphoreSlim(1);
        await using var server = await RawServer.StartAsync(async context =>
        {
            for (var i = 0; i < 20; i++)
            {
                await mayWrite.WaitAsync(context.RequestAborted);
                await context.SendAsync(CountFrame(i));
            }

            context.End(0);
        });

        using var call = server.Client.Count(new CountRequest());
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext().Soon());
            Assert.Equal(i, call.ResponseStream.Current.Index);
            mayWrite.Release();
        }

        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ResponseHeaders_BeforeTheFirstMessage_AreThere()
    {
        var headersSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await RawServer.StartAsync(async context =>
        {
            context.Response.Headers["x-id"] = "7";
            await context.StartGrpcAsync();
            await headersSeen.Task;
            context.End(0);
        });

        using var call = server.Client.Count(new CountRequest());
        var headers = await call.ResponseHeadersAsync.Soon();
        headersSeen.SetResult();

        Assert.Equal("7", headers.GetValue("x-id"));
        Assert.False(await call.ResponseStream.MoveNext().Soon());
    }

    [Fact]
    public async Task ReadAll_OfManyMessagesInOneWrite_KeepsOrderAndContent()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync([.. Enumerable.Range(0, 5000).Select(CountFrame)]);
            context.End(0);
        });

        using var call = server.Client.Count(new CountRequest());
        var seen = new List<CountResponse>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            seen.Add(message);
        }

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => new CountResponse { Index = i, Text = $"token {i}" }), seen);
    }

    [Fact]
    public async Task MoveNext_OfAFrameCutInTwoWrites_WaitsForTheRest()
    {
        var frame = CountFrame(5);
        var mayFinish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(frame[..7]);
            await mayFinish.Task;
            await context.SendAsync(frame[7..]);
            context.End(0);
        });

        using var call = server.Client.Count(new CountRequest());
        await call.ResponseHeadersAsync.Soon();
        var read = call.ResponseStream.MoveNext();
        Assert.False(read.IsCompleted);
        mayFinish.SetResult();

        Assert.True(await read.Soon());
        Assert.Equal(5, call.ResponseStream.Current.Index);
    }

    [Fact]
    public async Task MoveNext_DuringAnotherRead_Throws()
    {
        await using var server = await RawServer.StartAsync(context => context.AbortedAsync());

        using var call = server.Client.Count(new CountRequest());
        var first = call.ResponseStream.MoveNext();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext());
        call.Dispose();
        await first.FailsSoon();
    }

    [Fact]
    public async Task MoveNext_AfterTheEnd_IsFalseAgain()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(CountFrame(0));
            context.End(0);
        });

        using var call = server.Client.Count(new CountRequest());

        Assert.True(await call.ResponseStream.MoveNext().Soon());
        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.False(await call.ResponseStream.MoveNext().Soon());
        Assert.Throws<InvalidOperationException>(() => call.ResponseStream.Current);
    }

    [Fact]
    public async Task MoveNext_AfterAFailure_FailsAgainWithTheSameStatus()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(CountFrame(0));
            context.End((int)StatusCode.DataLoss, "gone");
        });

        using var call = server.Client.Count(new CountRequest());
        Assert.True(await call.ResponseStream.MoveNext().Soon());

        var first = await call.ResponseStream.MoveNext().FailsSoon();
        var second = await call.ResponseStream.MoveNext().FailsSoon();

        Assert.Equal(new Status(StatusCode.DataLoss, "gone"), first.Status);
        Assert.Equal(first.Status, second.Status);
    }

    [Fact]
    public async Task Calls_BeyondTheStreamsOfAConnection_OpenMoreConnections()
    {
        const int Calls = 4;
        var connections = new HashSet<string>();
        var allOpen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await RawServer.StartAsync(
            async context =>
            {
                lock (connections)
                {
                    connections.Add(context.Connection.Id);
                    if (connections.Count == Calls)
                    {
                        allOpen.SetResult();
                    }
                }

                await allOpen.Task;
                await context.SendAsync(CountFrame(0));
                context.End(0);
            },
            streamsPerConnection: 1);

        var calls = Enumerable.Range(0, Calls).Select(_ => server.Client.Count(new CountRequest())).ToList();
        foreach (var call in calls)
        {
            Assert.True(await call.ResponseStream.MoveNext().Soon());
            Assert.False(await call.ResponseStream.MoveNext().Soon());
        }
    }
}
