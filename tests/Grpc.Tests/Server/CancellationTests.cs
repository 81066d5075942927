using Grpc.Core;
using Grpc.Tests.Server.Kit;
using Grpc.Tests.V1;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Server;

/// <summary>A client that leaves, at each phase of a call, as the handler sees it.</summary>
public sealed class CancellationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_LeavesWhileTheHandlerWaits_CancelsTheToken(bool withDeadline)
    {
        var entered = new Gate();
        var left = new Gate();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Say = async (_, context) =>
            {
                entered.Open();
                await context.CancellationToken.Fires();
                left.Open();
                throw new OperationCanceledException(context.CancellationToken);
            },
        });
        using var leave = new CancellationTokenSource();
        var request = TestServer.Request(
            TestServer.Say,
            new ByteArrayContent(Frames.Of(new SayRequest())),
            withDeadline ? ("grpc-timeout", "1H") : ("x-no", "deadline"));
        var calling = server.OpenCancellableAsync(request, leave.Token);
        await entered.Opened();

        await leave.CancelAsync();

        await left.Opened();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await AssertStoppedQuietlyAsync(server);
    }

    [Fact]
    public async Task Client_LeavesWhileTheRequestIsRead_CancelsTheRead()
    {
        var entered = new Gate();
        var thrown = new TaskCompletionSource<Exception>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Chat = async (requests, _, context) =>
            {
                await requests.NextAsync();
                var reading = Assert.ThrowsAnyAsync<Exception>(requests.NextAsync);
                entered.Open();
                thrown.SetResult(await reading.WithinLimit());
                await context.CancellationToken.Fires();
                throw await reading;
            },
        });
        using var leave = new CancellationTokenSource();
        var body = new OpenBody();
        var calling = server.OpenCancellableAsync(TestServer.Request(TestServer.Chat, body), leave.Token);
        await body.SendAsync(Frames.Of(new ChatRequest()));
        await entered.Opened();

        await leave.CancelAsync();

        Assert.IsAssignableFrom<OperationCanceledException>(await thrown.Task.WithinLimit());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await AssertStoppedQuietlyAsync(server);
    }

    [Fact]
    public async Task Client_LeavesBeforeItsUnaryRequestIsWhole_NeverReachesTheHandler()
    {
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Say = (_, _) => throw new InvalidOperationException("was called"),
        });
        using var leave = new CancellationTokenSource();
        var body = new OpenBody();
        var calling = server.OpenCancellableAsync(TestServer.Request(TestServer.Say, body), leave.Token);
        await body.SendAsync(Frames.Of(new SayRequest { Text = "half" })[..7]);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await AssertStoppedQuietlyAsync(server);
    }

    [Fact]
    public async Task Client_LeavesWhileMessagesAreWritten_CancelsAWrite()
    {
        var thrown = new TaskCompletionSource<Exception>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                try
                {
                    while (true)
                    {
                        await responses.WriteAsync(new CountResponse());
                    }
                }
                catch (Exception e)
                {
                    thrown.SetResult(e);
                    throw;
                }
            },
        });
        var request = TestServer.Request(TestServer.Count, new ByteArrayContent(Frames.Of(new CountRequest())));
        var call = await server.OpenAsync(request);
        await call.ReadAsync(CountResponse.Parser);

        call.Dispose();

        Assert.IsAssignableFrom<OperationCanceledException>(await thrown.Task.WithinLimit());
        await AssertStoppedQuietlyAsync(server);
    }

    [Fact]
    public async Task Client_LeavesAWriterThatWaitsForIt_CancelsTheWrite()
    {
        var thrown = new TaskCompletionSource<Exception>();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Count = async (_, responses, _) =>
            {
                thrown.SetResult(await Assert.ThrowsAnyAsync<Exception>(async () =>
                {
                    while (true)
                    {
                        await responses.SendAsync(new CountResponse { Text = new string('x', 1_000_000) });
                    }
                }));
                throw await thrown.Task;
            },
        });
        var request = TestServer.Request(TestServer.Count, new ByteArrayContent(Frames.Of(new CountRequest())));
        var call = await server.OpenAsync(request);

        call.Dispose();

        Assert.IsAssignableFrom<OperationCanceledException>(await thrown.Task.WithinLimit());
        await AssertStoppedQuietlyAsync(server);
    }

    [Fact]
    public async Task Handler_WithABugAfterTheClientLeft_IsStillLogged()
    {
        var entered = new Gate();
        await using var server = await TestServer.StartAsync(new EchoScript
        {
            Say = async (_, context) =>
            {
                entered.Open();
                await context.CancellationToken.Fires();
                throw new FormatException("a bug");
            },
        });
        using var leave = new CancellationTokenSource();
        var request = TestServer.Request(TestServer.Say, new ByteArrayContent(Frames.Of(new SayRequest())));
        var calling = server.OpenCancellableAsync(request, leave.Token);
        await entered.Opened();

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await server.Log.Wait(entry => entry.Level == LogLevel.Error);
        Assert.IsType<FormatException>(server.TakeError().Exception);
    }

    private static async Task AssertStoppedQuietlyAsync(TestServer server)
    {
        var stopped = await server.Log.Wait(entry =>
            entry is { Category: "Grpc.AspNetCore.Server.Call", Event.Id: 3 });
        Assert.Equal(LogLevel.Debug, stopped.Level);
        Assert.Contains("ClientGone", stopped.Text, StringComparison.Ordinal);
        await server.AssertNextCallWorksAsync();
    }
}
