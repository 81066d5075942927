using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource<string?> _timeout = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Deadline_BeforeTheHeaders_EndsTheCallOnBothSides()
    {
        await using var server = await StartAsync(HangAsync);

        using var call = server.Client.SayAsync(new SayRequest(), deadline: _time.UtcIn(Minute));
        Assert.Equal("60000000u", await _timeout.Task.Soon());
        _time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.False(call.ResponseAsync.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(StatusCode.DeadlineExceeded, (await call.ResponseAsync.FailsSoon()).StatusCode);
        await _aborted.Task.Soon();
    }

    [Fact]
    public async Task Deadline_InTheMiddleOfAStream_EndsTheCallOnBothSides()
    {
        await using var server = await StartAsync(async context =>
        {
            await context.SendAsync(CountFrame(0));
            await HangAsync(context);
        });

        using var call = server.Client.Count(new CountRequest(), deadline: _time.UtcIn(Minute));
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        _time.Advance(Minute);

        await _aborted.Task.Soon();
        Assert.Equal(
            StatusCode.DeadlineExceeded, (await call.ResponseStream.MoveNext().FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Deadline_InThePast_SendsNothing()
    {
        await using var server = await StartAsync(HangAsync);

        using var call = server.Client.SayAsync(new SayRequest(), deadline: _time.UtcIn(-Minute));

        Assert.Equal(StatusCode.DeadlineExceeded, (await call.ResponseAsync.FailsSoon()).StatusCode);
        Assert.False(_timeout.Task.IsCompleted);
    }

    [Fact]
    public async Task Deadline_AfterAHundredDays_IsReachedInSteps()
    {
        await using var server = await StartAsync(HangAsync);
        var day = TimeSpan.FromDays(1);

        using var call = server.Client.SayAsync(new SayRequest(), deadline: _time.UtcIn(100 * day));
        await _timeout.Task.Soon();
        for (var i = 0; i < 99; i++)
        {
            _time.Advance(day);
        }

        Assert.False(call.ResponseAsync.IsCompleted);
        _time.Advance(day);
        Assert.Equal(StatusCode.DeadlineExceeded, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Fact]
    public async Task Deadline_AtTheEndOfTime_IsNone()
    {
        await using var server = await StartAsync(HangAsync);

        using var call = server.Client.SayAsync(new SayRequest(), deadline: DateTime.MaxValue);

        Assert.Equal(string.Empty, await _timeout.Task.Soon());
    }

    [Fact]
    public async Task Deadline_InLocalTime_Throws()
    {
        await using var server = await StartAsync(HangAsync);
        var local = DateTime.SpecifyKind(_time.UtcIn(Minute), DateTimeKind.Local);

        Assert.Throws<InvalidOperationException>(() => server.Client.SayAsync(new SayRequest(), deadline: local));
    }

    [Fact]
    public async Task Reset_ByTheServerAfterTheDeadline_IsDeadlineExceeded()
    {
        // The clock passes the deadline without firing the timer, as when the server is the quicker one.
        var time = new LateTimers(_time);
        await using var server = await RawServer.StartAsync(
            context =>
            {
                _time.Advance(Minute);
                context.Abort();
                return Task.CompletedTask;
            },
            new GrpcChannelOptions { TimeProvider = time });

        using var call = server.Client.SayAsync(new SayRequest(), deadline: _time.UtcIn(Minute));

        Assert.Equal(StatusCode.DeadlineExceeded, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    private Task<RawServer> StartAsync(RequestDelegate handler) =>
        RawServer.StartAsync(handler, new GrpcChannelOptions { TimeProvider = _time });

    private async Task HangAsync(HttpContext context)
    {
        _timeout.SetResult(context.Request.Headers["grpc-timeout"].ToString());
        await context.AbortedAsync();
        _aborted.SetResult();
    }

    private sealed class LateTimers(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
