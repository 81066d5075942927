using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Server;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HandlerGrace = TimeSpan.FromMilliseconds(100);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Timeout_Zero_IsExceededWithoutTheHandler()
    {
        await using var server = await StartAsync(new EchoScript
        {
            Say = (_, _) => throw new InvalidOperationException("was called"),
        });

        var answer = await server.CallAsync(TestServer.Say, new SayRequest(), ("grpc-timeout", "0n"));

        answer.AssertEnded(StatusCode.DeadlineExceeded, trailersOnly: true);
        await server.AssertNextCallWorksAsync();
    }

    [Theory]
    [InlineData("5S", 5)]
    [InlineData("99999999H", null)]
    public async Task Timeout_OfACall_IsTheContextsDeadline(string header, int? seconds)
    {
        DateTime? seen = null;
        await using var server = await StartAsync(new EchoScript
        {
            Say = (_, context) =>
            {
                seen = context.Deadline;
                return Task.FromResult(new SayResponse());
            },
        });

        var answer = await server.CallAsync(TestServer.Say, new SayRequest(), ("grpc-timeout", header));

        answer.AssertEnded(StatusCode.OK, trailersOnly: false);
        Assert.Equal(DateTimeKind.Utc, seen!.Value.Kind | DateTimeKind.Utc);
        Assert.Equal(
            seconds is { } s ? _clock.GetUtcNow().UtcDateTime.AddSeconds(s) : DateTime.MaxValue, seen);
    }

    [Theory]
    [InlineData(TestServer.Say, false)]
    [InlineData(TestServer.Sum, false)]
    [InlineData(TestServer.Count, false)]
    [InlineData(TestServer.Count, true)]
    [InlineData(TestServer.Chat, false)]
    [InlineData(TestServer.Chat, true)]
    public async Task Deadline_DuringTheHandler_CancelsItAndWaitsForItShortly(string method, bool afterMessage)
    {
        var entered = new Gate();
        var cancelled = new Gate();
        var release = new Gate();
        async Task Wait(ServerCallContext context)
        {
            entered.Open();
            await context.CancellationToken.Fires();
            cancelled.Open();
            await release.Opened();
            context.CancellationToken.ThrowIfCancellationRequested();
        }

        await using var server = await StartAsync(Script(Wait, afterMessage));
        var request = TestServer.Request(
            method, new ByteArrayContent(Frames.Of(new SayRequest())), ("grpc-timeout", "5S"));
        var calling = server.SendAsync(request);
        await entered.Opened();

        _clock.Advance(4 * Second);
        Assert.False(calling.IsCompleted);
        _clock.Advance(Second);
        await cancelled.Opened();
        Assert.False(calling.IsCompleted);
        _clock.Advance(HandlerGrace);

        // The answer is there while the handler still runs.
        (await calling.WithinLimit()).AssertEnded(StatusCode.DeadlineExceeded, trailersOnly: !afterMessage);
        release.Open();
        await server.AssertNextCallWorksAsync();
    }

    [Theory]
    [InlineData(StatusCode.DeadlineExceeded, "read up to 7", "7")]
    [InlineData(StatusCode.OK, "The deadline of the call passed.", null)]
    [InlineData(StatusCode.Internal, "The deadline of the call passed.", null)]
    public async Task Deadline_HandlerThatEndsTheCallItself_AddsToTheStatusButDoesNotChangeIt(
        StatusCode said, string detail, string? trailer)
    {
        var entered = new Gate();
        await using var server = await StartAsync(new EchoScript
        {
            Count = async (_, _, context) =>
            {
                entered.Open();
                await context.CancellationToken.Fires();
                if (said != StatusCode.OK)
                {
                    throw new RpcException(new Status(said, "read up to 7"), new Metadata { { "x-last", "7" } });
                }
            },
        });
        var calling = server.CallAsync(TestServer.Count, new CountRequest(), ("grpc-timeout", "5S"));
        await entered.Opened();

        _clock.Advance(5 * Second);

        var answer = await calling.WithinLimit();
        answer.AssertEnded(StatusCode.DeadlineExceeded, trailersOnly: true);
        Assert.Equal(
            (detail, trailer),
            (answer.Detail, answer.Headers.TryGetValues("x-last", out var last) ? last.Single() : null));
    }

    [Fact]
    public async Task Deadline_WhileTheRequestIsRead_EndsTheCall()
    {
        var entered = new Gate();
        await using var server = await StartAsync(new EchoScript
        {
            Chat = async (requests, _, _) =>
            {
                var reading = Assert.ThrowsAnyAsync<OperationCanceledException>(requests.NextAsync);
                entered.Open();
                throw await reading.WithinLimit();
            },
        });
        var opening = server.OpenAsync(TestServer.Request(TestServer.Chat, new OpenBody(), ("grpc-timeout", "5S")));
        await entered.Opened();

        _clock.Advance(5 * Second);

        using var call = await opening;
        (await call.ReadRestAsync()).AssertEnded(StatusCode.DeadlineExceeded, trailersOnly: true);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Deadline_WhenTheHandlerReturnsNormallyLater_StaysExceeded()
    {
        var entered = new Gate();
        var write = new TaskCompletionSource<Exception?>();
        await using var server = await StartAsync(new EchoScript
        {
            Count = async (_, responses, context) =>
            {
                entered.Open();
                await context.CancellationToken.Fires();
                write.SetResult(await Record.ExceptionAsync(() => responses.SendAsync(new CountResponse())));
            },
        });
        var calling = server.CallAsync(TestServer.Count, new CountRequest(), ("grpc-timeout", "5S"));
        await entered.Opened();

        _clock.Advance(5 * Second);

        (await calling.WithinLimit()).AssertEnded(StatusCode.DeadlineExceeded, trailersOnly: true);
        await server.AssertNextCallWorksAsync();
        Assert.IsType<OperationCanceledException>(await write.Task.WithinLimit());
    }

    [Fact]
    public async Task Deadline_AfterTheCall_ChangesNothing()
    {
        await using var server = await StartAsync(new EchoScript());
        var answer = await server.CallAsync(TestServer.Say, new SayRequest(), ("grpc-timeout", "5S"));

        _clock.Advance(100 * Second);

        answer.AssertEnded(StatusCode.OK, trailersOnly: false);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Deadline_FarOutOfATimersReach_IsKept()
    {
        var entered = new Gate();
        await using var server = await StartAsync(Script(
            async context =>
            {
                entered.Open();
                await context.CancellationToken.Fires();
            },
            afterMessage: false));
        var calling = server.CallAsync(TestServer.Say, new SayRequest(), ("grpc-timeout", "2400H"));
        await entered.Opened();
        for (var day = 0; day < 99; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.False(calling.IsCompleted);
        _clock.Advance(TimeSpan.FromDays(1));

        (await calling.WithinLimit()).AssertEnded(StatusCode.DeadlineExceeded, trailersOnly: true);
    }

    private static EchoScript Script(Func<ServerCallContext, Task> wait, bool afterMessage) => new()
    {
        Say = async (_, context) =>
        {
            await wait(context);
            return new SayResponse();
        },
        Sum = async (_, context) =>
        {
            await wait(context);
            return new SumResponse();
        },
        Count = async (_, responses, context) =>
        {
            await (afterMessage ? responses.WriteAsync(new CountResponse()) : Task.CompletedTask);
            await wait(context);
        },
        Chat = async (_, responses, context) =>
        {
            await (afterMessage ? responses.WriteAsync(new ChatResponse()) : Task.CompletedTask);
            await wait(context);
        },
    };

    private Task<TestServer> StartAsync(EchoScript script) =>
        TestServer.StartAsync(script, services: services => services.AddSingleton<TimeProvider>(_clock));
}
