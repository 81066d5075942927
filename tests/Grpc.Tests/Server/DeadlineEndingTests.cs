using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Server;

/// <summary>Deadlines that meet a handler at its end, or a client that does not take the end.</summary>
public sealed class DeadlineEndingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HandlerGrace = TimeSpan.FromMilliseconds(100);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Deadline_RacingTheHandlersEnd_EndsEveryCallOnce()
    {
        var entered = new SemaphoreSlim(0);
        var release = new SemaphoreSlim(0);
        await using var server = await StartAsync(new EchoScript
        {
            Chat = async (requests, responses, context) =>
            {
                var isOdd = context.RequestHeaders.GetValue("x-odd") == "True";
                entered.Release();
                if (isOdd)
                {
                    await release.WaitAsync(CancellationToken.None).WithinLimit();
                    await responses.SendAsync(new ChatResponse());
                }
                else
                {
                    await requests.NextAsync();
                }
            },
        });

        // Kestrel keeps a place for each of these, whose client never ends its body, for seconds; it has 200.
        for (var i = 0; i < 150; i++)
        {
            var isOdd = i % 2 == 1;
            var opening = server.OpenAsync(TestServer.Request(
                TestServer.Chat, new OpenBody(), ("grpc-timeout", "5S"), ("x-odd", isOdd.ToString())));
            await entered.WaitAsync(TestContext.Current.CancellationToken).WithinLimit();

            if (isOdd)
            {
                release.Release();
            }

            _clock.Advance(5 * Second);

            using var call = await opening;
            var answer = await call.ReadRestAsync();
            Assert.True(answer.Status == StatusCode.DeadlineExceeded || (isOdd && answer.Status == StatusCode.OK));
        }

        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Deadline_WithAClientThatDoesNotRead_ResetsTheCallAfterTheGrace()
    {
        var ended = new Gate();
        await using var server = await StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                try
                {
                    while (true)
                    {
                        await responses.WriteAsync(new CountResponse { Text = new string('x', 1_000_000) });
                    }
                }
                finally
                {
                    ended.Open();
                }
            },
        });
        var request = TestServer.Request(
            TestServer.Count, new ByteArrayContent(Frames.Of(new CountRequest())), ("grpc-timeout", "5S"));
        using var call = await server.OpenAsync(request);

        _clock.Advance(5 * Second);
        _clock.Advance(HandlerGrace);
        _clock.Advance(Second);

        await ended.Opened();
        await Assert.ThrowsAnyAsync<IOException>(call.ReadRestAsync);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Deadline_DuringAWriteWithTheCallsToken_StillTellsTheStatus()
    {
        var waiting = new Gate();
        await using var server = await StartAsync(new EchoScript
        {
            Count = async (_, responses, context) =>
            {
                while (true)
                {
                    var write = responses.WriteAsync(
                        new CountResponse { Text = new string('x', 1_000_000) }, context.CancellationToken);
                    if (!write.IsCompleted)
                    {
                        waiting.Open();
                    }

                    await write;
                }
            },
        });
        var request = TestServer.Request(
            TestServer.Count, new ByteArrayContent(Frames.Of(new CountRequest())), ("grpc-timeout", "5S"));
        using var call = await server.OpenAsync(request);
        await waiting.Opened();

        _clock.Advance(5 * Second);

        (await call.ReadRestAsync()).AssertEnded(StatusCode.DeadlineExceeded, trailersOnly: false);
        await server.AssertNextCallWorksAsync();
    }

    private Task<TestServer> StartAsync(EchoScript script) =>
        TestServer.StartAsync(script, services: services => services.AddSingleton<TimeProvider>(_clock));
}
