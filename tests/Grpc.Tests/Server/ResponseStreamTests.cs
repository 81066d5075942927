using Google.Protobuf;
using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;

namespace Grpc.Tests.Server;

/// <summary>The rules of writing responses.</summary>
public sealed class ResponseStreamTests
{
    private static readonly CountResponse Large = new() { Text = new string('x', 1_000_000) };

    [Fact]
    public async Task Write_DuringAWrite_IsRefused()
    {
        var refused = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                var pending = await UntilPendingAsync(responses);
                refused.SetResult(await Record.ExceptionAsync(() => responses.SendAsync(Large)));
                await pending;
            },
        });
        using var call = await OpenCountAsync(server);

        Assert.IsType<InvalidOperationException>(await refused.Task.WithinLimit());
        (await call.ReadRestAsync()).AssertEnded(StatusCode.OK, trailersOnly: false);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Write_NotAwaitedByTheHandler_StillComesBeforeTheTrailers()
    {
        var written = new TaskCompletionSource<int>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                var count = 0;
                await UntilPendingAsync(responses, () => count++);
                written.SetResult(count);
            },
        });
        using var call = await OpenCountAsync(server);

        var count = await written.Task.WithinLimit();
        var rest = await call.ReadRestAsync();

        rest.AssertEnded(StatusCode.OK, trailersOnly: false);
        Assert.Equal(count, rest.Messages(CountResponse.Parser).Count);
    }

    [Fact]
    public async Task Write_AfterTheCall_IsRefused()
    {
        IServerStreamWriter<CountResponse>? kept = null;
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = (_, responses, _) =>
            {
                kept = responses;
                return Task.CompletedTask;
            },
        });
        await server.CallAsync(TestServer.Count, new CountRequest());

        await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.SendAsync(new CountResponse()));

        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Write_OfNull_IsRefusedAndTheStreamGoesOn()
    {
        var refused = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                refused.SetResult(await Record.ExceptionAsync(() => responses.SendAsync(null!)));
                await responses.SendAsync(new CountResponse { Index = 1 });
            },
        });

        var answer = await server.CallAsync(TestServer.Count, new CountRequest());

        Assert.IsType<ArgumentNullException>(await refused.Task.WithinLimit());
        Assert.Equal(1, Assert.Single(answer.Messages(CountResponse.Parser)).Index);
    }

    [Fact]
    public async Task Write_WithATokenThatFires_EndsTheCall()
    {
        using var giveUp = new CancellationTokenSource();
        var waiting = new Gate();
        var thrown = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                thrown.SetResult(await Record.ExceptionAsync(async () =>
                {
                    while (true)
                    {
                        var write = responses.WriteAsync(Large, giveUp.Token);
                        if (!write.IsCompleted)
                        {
                            waiting.Open();
                        }

                        await write;
                    }
                }));
            },
        });
        using var call = await OpenCountAsync(server);
        await waiting.Opened();

        await giveUp.CancelAsync();

        Assert.IsAssignableFrom<OperationCanceledException>(await thrown.Task.WithinLimit());
        await Assert.ThrowsAnyAsync<IOException>(call.ReadRestAsync);
        await server.AssertNextCallWorksAsync();
    }

    [Fact]
    public async Task Write_OfEachMessage_ReachesTheClientAtOnce()
    {
        var more = new SemaphoreSlim(1);
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                for (var i = 0; i < 3; i++)
                {
                    Assert.True(await more.WaitAsync(TimeSpan.FromSeconds(10)));
                    await responses.WriteAsync(new CountResponse { Index = i });
                }
            },
        });
        using var call = await OpenCountAsync(server);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i, (await call.ReadAsync(CountResponse.Parser)).Index);
            more.Release();
        }
    }

    [Fact]
    public async Task Write_WithBufferHint_WaitsForAWriteWithout()
    {
        var hold = new Gate();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, context) =>
            {
                responses.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
                await responses.SendAsync(new CountResponse { Index = 1 });
                await hold.Opened();
                context.WriteOptions = null;
                await responses.SendAsync(new CountResponse { Index = 2 });
            },
        });
        var opening = OpenCountAsync(server);

        Assert.False(opening.IsCompleted);
        hold.Open();

        using var call = await opening;
        Assert.Equal([1, 2], (await call.ReadRestAsync()).Messages(CountResponse.Parser).Select(m => m.Index));
    }

    [Fact]
    public async Task Write_WithBufferHintsOnly_IsBoundedInMemory()
    {
        var hold = new Gate();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                responses.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
                await responses.SendAsync(Large);
                await hold.Opened();
            },
        });

        using var call = await OpenCountAsync(server);

        Assert.Equal(Large, await call.ReadAsync(CountResponse.Parser));
        hold.Open();
        (await call.ReadRestAsync()).AssertEnded(StatusCode.OK, trailersOnly: false);
    }

    private static Task<OpenCall> OpenCountAsync(TestServer server) => server.OpenAsync(
        TestServer.Request(TestServer.Count, new ByteArrayContent(Frames.Of(new CountRequest()))));

    /// <summary>Writes until the client's window is full, and returns the write that waits for it.</summary>
    private static async Task<Task> UntilPendingAsync(
        IServerStreamWriter<CountResponse> responses, Action? onWrite = null)
    {
        while (true)
        {
            var write = responses.SendAsync(Large);
            onWrite?.Invoke();
            if (!write.IsCompleted)
            {
                return write;
            }

            await write;
        }
    }
}
