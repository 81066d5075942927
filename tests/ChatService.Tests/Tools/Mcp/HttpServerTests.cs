using ChatGrpc.TestKit;
using Microsoft.AspNetCore.Http;

namespace ChatGrpc.Tests.Tools.Mcp;

/// <summary>What a server over HTTP may do to the service, and what one call to the others.</summary>
public sealed class HttpServerTests
{
    private const int MaxBytes = 16 * 1024 * 1024;

    // Each a line of its own: an event is bounded, not only its lines.
    private static readonly string Line = $"data: {new string('x', 1024 * 1024)}\r\n";

    [Theory]
    [InlineData(MaxBytes - 1_000, false, "The result has ")]
    [InlineData(MaxBytes, false, "The server web went away, or answered what nobody understands.")]
    [InlineData(MaxBytes, true, "The server web went away, or answered what nobody understands.")]
    public async Task Call_AnswerThatIsTooLarge_IsAnErrorOfThisCall(int length, bool hasLength, string words)
    {
        await using var server = await HttpServer.StartAsync(new()
        {
            ["large"] = context =>
            {
                var body = HttpServer.Text(context, new string('x', length));
                context.Response.ContentLength = hasLength ? body.Length : null;
                return HttpServer.WriteAsync(context, "application/json", body);
            },
            ["echo"] = EchoAsync,
        });
        await using var scene = new ServerScene(servers => servers["web"] = server.Options);

        var result = await scene.ResultAsync("web_large");

        Assert.StartsWith(words, result.Text, StringComparison.Ordinal);
        Assert.Equal("echo", (await scene.ResultAsync("web_echo")).Text);
        Assert.Equal(1, server.Starts);
    }

    [Fact]
    public async Task Call_EventWithoutEnd_IsAnErrorWhoseReadingEnds()
    {
        var isLeft = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await HttpServer.StartAsync(new()
        {
            ["endless"] = async context =>
            {
                await using var _ = context.RequestAborted.Register(isLeft.SetResult);
                context.Response.ContentType = "text/event-stream";
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.WriteAsync(Line, CancellationToken.None);
                }
            },
        });
        await using var scene = new ServerScene(servers => servers["web"] = server.Options);

        var result = await scene.ResultAsync("web_endless");

        Assert.StartsWith("The server web went away", result.Text, StringComparison.Ordinal);
        await isLeft.Task.InTime();
    }

    [Fact]
    public async Task Call_ManyEventsThatAreLargeTogether_AreRead()
    {
        await using var server = await HttpServer.StartAsync(new()
        {
            ["long"] = async context =>
            {
                context.Response.ContentType = "text/event-stream";
                for (var i = 0; i < 20; i++)
                {
                    await context.Response.WriteAsync($"{Line}\r\n");
                }

                await context.Response.WriteAsync($"data: {HttpServer.Text(context, "whole")}\n\n");
            },
        });
        await using var scene = new ServerScene(servers => servers["web"] = server.Options);

        Assert.Equal("whole", (await scene.ResultAsync("web_long")).Text);
    }

    [Fact]
    public async Task Call_ThatIsRefused_LeavesTheOthersAlone()
    {
        var isCalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await HttpServer.StartAsync(new()
        {
            ["slow"] = async context =>
            {
                isCalled.SetResult();
                await goOn.Task;
                await EchoAsync(context);
            },
            ["refuse"] = context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            },
        });
        await using var scene = new ServerScene(servers => servers["web"] = server.Options);
        var slow = scene.ResultAsync("web_slow");
        await isCalled.Task.InTime();

        var refused = await scene.ResultAsync("web_refuse");
        goOn.SetResult();

        Assert.Equal(
            ("The server web refused the call with the HTTP status 403.", true), (refused.Text, refused.IsError));
        Assert.Equal(("echo", false), ((await slow).Text, (await slow).IsError));
        Assert.Equal(1, server.Starts);
    }

    [Fact]
    public async Task Call_WhoseSessionIsOver_IsAnErrorAndTheNextStartsAnew()
    {
        var calls = 0;
        await using var server = await HttpServer.StartAsync(new()
        {
            ["once"] = context =>
            {
                if (Interlocked.Increment(ref calls) > 1)
                {
                    return EchoAsync(context);
                }

                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            },
        });
        await using var scene = new ServerScene(servers => servers["web"] = server.Options);

        Assert.True((await scene.ResultAsync("web_once")).IsError);
        Assert.Equal("echo", (await scene.ResultAsync("web_once")).Text);
        Assert.Equal(2, server.Starts);
    }

    [Fact]
    public async Task Call_Cancelled_IsCancelledAtTheServer()
    {
        var called = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await HttpServer.StartAsync(new()
        {
            ["hang"] = async context =>
            {
                called.SetResult($"{context.Items["id"]}".Trim('"'));
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
        });
        await using var scene = new ServerScene(servers => servers["web"] = server.Options);
        using var cancel = new CancellationTokenSource();
        await using var events = (await scene.RunAsync("web_hang", token: cancel.Token)).GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        var id = await called.Task.InTime();

        await cancel.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
        Assert.Equal(id, await server.Cancelled.InTime());
    }

    private static Task EchoAsync(HttpContext context) =>
        HttpServer.WriteAsync(context, "application/json", HttpServer.Text(context, "echo"));
}
