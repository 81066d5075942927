using Grpc.Core;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class CancellationTests
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Cancel_BeforeTheHeaders_ReachesTheServer()
    {
        await using var server = await RawServer.StartAsync(HangAsync);
        using var cancel = new CancellationTokenSource();

        using var call = server.Client.SayAsync(new SayRequest(), cancellationToken: cancel.Token);
        await _started.Task.Soon();
        cancel.Cancel();

        await _aborted.Task.Soon();
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseAsync.FailsSoon()).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseHeadersAsync.FailsSoon()).StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Cancel_DuringARead_ReachesTheServer()
    {
        await using var server = await RawServer.StartAsync(SendOneAndHangAsync);
        using var cancel = new CancellationTokenSource();

        using var call = server.Client.Count(new CountRequest(), cancellationToken: cancel.Token);
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        var read = call.ResponseStream.MoveNext();
        cancel.Cancel();

        await _aborted.Task.Soon();
        Assert.Equal(StatusCode.Cancelled, (await read.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Cancel_BetweenReads_ReachesTheServer()
    {
        await using var server = await RawServer.StartAsync(SendOneAndHangAsync);
        using var cancel = new CancellationTokenSource();

        using var call = server.Client.Count(new CountRequest(), cancellationToken: cancel.Token);
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        cancel.Cancel();

        await _aborted.Task.Soon();
        Assert.Equal(StatusCode.Cancelled, (await call.ResponseStream.MoveNext().FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Cancel_OfAMoveNext_CancelsTheCall()
    {
        await using var server = await RawServer.StartAsync(SendOneAndHangAsync);
        using var cancel = new CancellationTokenSource();

        using var call = server.Client.Count(new CountRequest());
        Assert.True(await call.ResponseStream.MoveNext(cancel.Token).Soon());
        var read = call.ResponseStream.MoveNext(cancel.Token);
        cancel.Cancel();

        await _aborted.Task.Soon();
        Assert.Equal(StatusCode.Cancelled, (await read.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Cancel_BeforeTheCall_SendsNothing()
    {
        await using var server = await RawServer.StartAsync(HangAsync);

        using var call = server.Client.SayAsync(new SayRequest(), cancellationToken: new CancellationToken(true));

        Assert.Equal(StatusCode.Cancelled, (await call.ResponseAsync.FailsSoon()).StatusCode);
        Assert.False(_started.Task.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_OfARunningCall_ReachesTheServer(bool duringRead)
    {
        await using var server = await RawServer.StartAsync(SendOneAndHangAsync);

        var call = server.Client.Count(new CountRequest());
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        var read = duringRead ? call.ResponseStream.MoveNext() : null;
        call.Dispose();

        await _aborted.Task.Soon();
        var error = await (read ?? call.ResponseStream.MoveNext()).FailsSoon();
        Assert.Equal(new Status(StatusCode.Cancelled, "The caller disposed the call."), error.Status);
    }

    [Fact]
    public async Task Dispose_OfAnEndedCall_KeepsItsStatus()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(SayFrame("x"));
            context.End(0);
        });

        var call = server.Client.SayAsync(new SayRequest());
        await call.ResponseAsync.Soon();
        call.Dispose();

        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ChannelDispose_WithARunningCall_CancelsIt()
    {
        await using var server = await RawServer.StartAsync(SendOneAndHangAsync);

        var call = server.Client.Count(new CountRequest());
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        var read = call.ResponseStream.MoveNext();
        server.Channel.Dispose();

        await _aborted.Task.Soon();
        Assert.Equal(
            new Status(StatusCode.Cancelled, "The channel was disposed."), (await read.FailsSoon()).Status);
        Assert.Throws<ObjectDisposedException>(() => server.Client.Count(new CountRequest()));
    }

    private async Task HangAsync(HttpContext context)
    {
        _started.SetResult();
        await context.AbortedAsync();
        _aborted.SetResult();
    }

    private async Task SendOneAndHangAsync(HttpContext context)
    {
        await context.SendAsync(CountFrame(0));
        await HangAsync(context);
    }
}
