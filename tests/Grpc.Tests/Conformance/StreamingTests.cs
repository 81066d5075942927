using System.Text;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Tests.Conformance;

/// <summary>Streams as they go: nothing is held back, and both sides may leave.</summary>
public sealed class StreamingTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(3);

    private readonly ManualClock _clock = new();

    public static TheoryData<WireVariant> Variants => [.. WireVariant.All];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Stream_EachMessage_IsThereBeforeTheNextIsWritten(WireVariant variant)
    {
        var read = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                for (var i = 0; i < 5; i++)
                {
                    await responses.SendAsync(new CountResponse { Index = i, Text = Behaviour.Unicode });
                    await read.WaitAsync(TestContext.Current.CancellationToken).WithinLimit();
                }
            },
        });
        using var call = await server.OpenAsync(
            variant.Request(server, TestServer.Count, Frames.Of(new CountRequest())));

        for (var i = 0; i < 5; i++)
        {
            var frame = await ReadFrameAsync(variant, call);
            Assert.Equal(i, CountResponse.Parser.ParseFrom(frame.AsSpan(Frames.HeaderSize)).Index);
            read.Release();
        }

        var end = WireReply.Of(variant, await call.ReadRestAsync());
        Assert.Equal((StatusCode.OK, 0), (end.Status, end.Frames.Count));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Stream_WhoseClientLeaves_CancelsTheHandler(WireVariant variant)
    {
        var cancelled = new Gate();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, context) =>
            {
                await responses.SendAsync(new CountResponse());
                await context.CancellationToken.Fires();
                cancelled.Open();
                context.CancellationToken.ThrowIfCancellationRequested();
            },
        });
        using (var call = await server.OpenAsync(
            variant.Request(server, TestServer.Count, Frames.Of(new CountRequest()))))
        {
            await ReadFrameAsync(variant, call);
        }

        await cancelled.Opened();
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Stream_PastItsDeadline_TellsSoInItsOwnWay(WireVariant variant)
    {
        await using var server = await StartAsync(new EchoScript
        {
            Count = async (_, responses, context) =>
            {
                await responses.SendAsync(new CountResponse());
                await context.CancellationToken.Fires();
                context.CancellationToken.ThrowIfCancellationRequested();
            },
        });
        var request = variant.Request(
            server, TestServer.Count, Frames.Of(new CountRequest()), ("grpc-timeout", "5S"));
        using var call = await server.OpenAsync(request);
        await ReadFrameAsync(variant, call);

        _clock.Advance(TimeSpan.FromSeconds(5));

        var end = WireReply.Of(variant, await call.ReadRestAsync());
        Assert.Equal((StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED"), (end.Status, end.Reason));
    }

    // The client takes its time and then reads: what it was sent, and behind it why there is no more.
    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Stream_WhoseClientDoesNotRead_EndsUnavailable(WireVariant variant)
    {
        var blocked = new Gate();
        var thrown = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(Flood(blocked, thrown));
        using var call = await server.OpenAsync(
            variant.Request(server, TestServer.Count, Frames.Of(new CountRequest())));
        await blocked.Opened();

        await AdvanceUntilAsync(thrown.Task);

        Assert.IsType<OperationCanceledException>(await thrown.Task.WithinLimit());
        var end = WireReply.Of(variant, await call.ReadRestAsync());
        Assert.Equal((StatusCode.Unavailable, "READER_TOO_SLOW"), (end.Status, end.Reason));
        Assert.NotEmpty(end.Frames);
        await AdvanceUntilAsync(CutOff(server));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Stream_WhoseClientNeverReads_IsCutOff(WireVariant variant)
    {
        var blocked = new Gate();
        var thrown = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(Flood(blocked, thrown));
        using var call = await server.OpenAsync(
            variant.Request(server, TestServer.Count, Frames.Of(new CountRequest())));
        await blocked.Opened();
        await AdvanceUntilAsync(thrown.Task);
        await thrown.Task.WithinLimit();

        var cut = CutOff(server);
        await AdvanceUntilAsync(cut);

        await cut;
        await Assert.ThrowsAnyAsync<IOException>(call.ReadRestAsync);
    }

    private static Task<LogEntry> CutOff(TestServer server) =>
        server.Log.Wait(entry => entry.Text.Contains("was cut off", StringComparison.Ordinal));

    private static EchoScript Flood(Gate blocked, TaskCompletionSource<Exception> thrown) => new()
    {
        Count = async (_, responses, _) =>
        {
            try
            {
                while (true)
                {
                    var write = responses.SendAsync(new CountResponse { Text = new string('x', 1_000_000) });
                    if (!write.IsCompleted)
                    {
                        blocked.Open();
                    }

                    await write;
                }
            }
            catch (Exception e)
            {
                thrown.TrySetResult(e);
                throw;
            }
        },
    };

    // A wait begins at its own time, and a write may complete after all: so time goes on until the call has ended.
    private async Task AdvanceUntilAsync(Task end)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!end.IsCompleted && !limit.IsCancellationRequested)
        {
            _clock.Advance(Tick);
            await Task.Yield();
        }
    }

    private static async Task<byte[]> ReadFrameAsync(WireVariant variant, OpenCall call)
    {
        if (!variant.IsText)
        {
            return await call.ReadFrameAsync();
        }

        // A segment ends with its padding, or with its frame: whichever is first says how long it is.
        var text = new StringBuilder();
        while (true)
        {
            text.Append(Encoding.ASCII.GetString(await call.ReadBytesAsync(4)));
            var frame = Convert.FromBase64String(text.ToString());
            if (frame.Length >= Frames.HeaderSize && frame.Length >= Frames.LengthOf(frame))
            {
                Assert.Equal(Frames.LengthOf(frame), frame.Length);
                return frame;
            }
        }
    }

    private Task<TestServer> StartAsync(EchoScript script) =>
        TestServer.StartAsync(script, services: services => services.AddSingleton<TimeProvider>(_clock));
}
