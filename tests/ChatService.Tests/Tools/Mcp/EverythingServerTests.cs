using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Tools;
using ChatGrpc.Tools;

namespace ChatGrpc.Tests.Tools.Mcp;

/// <summary>The protocol's example server, which others wrote in another language.</summary>
public sealed class EverythingServerTests
{
    [Theory]
    [InlineData("stdio")]
    [InlineData("streamableHttp")]
    public async Task Call_Tools_AreAnswered(string transport)
    {
        await using var server = await ExampleAsync(transport);
        await using var scene = new ServerScene(servers => servers["example"] = server.Options);

        Assert.Equal("Echo: hi", (await scene.ResultAsync("example_echo", """{"message":"hi"}""")).Text);
        Assert.Contains("5", (await scene.ResultAsync("example_get-sum", """{"a":2,"b":3}""")).Text);
        Assert.NotEmpty((await scene.ResultAsync(
            "example_get-structured-content", """{"location":"New York"}""")).Json);
        Assert.Contains("[a picture, image/png", (await scene.ResultAsync("example_get-tiny-image")).Text);
    }

    [Theory]
    [InlineData("stdio")]
    [InlineData("streamableHttp")]
    public async Task Call_LongOperation_TellsItsProgress(string transport)
    {
        await using var server = await ExampleAsync(transport);
        await using var scene = new ServerScene(servers => servers["example"] = server.Options);

        var events = await scene.EventsAsync(
            "example_trigger-long-running-operation", """{"duration":0.2,"steps":2}""");

        Assert.Equal(0.5, events[0].ToolProgress.Fraction);
        Assert.False(events[^1].ToolResult.IsError);
    }

    [Theory]
    [InlineData("stdio")]
    [InlineData("streamableHttp")]
    public async Task Call_WrongArguments_AreToldBeforeTheServerIsAsked(string transport)
    {
        await using var server = await ExampleAsync(transport);
        await using var scene = new ServerScene(servers => servers["example"] = server.Options);

        var result = await scene.ResultAsync("example_get-sum", """{"a":"x"}""");

        Assert.True(result.IsError);
        Assert.StartsWith("The arguments do not fit the tool: $", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ServerOverHttpThatGoesAway_IsAnErrorAndThenAWarning()
    {
        var server = await ExampleAsync("streamableHttp");
        await using var scene = new ServerScene(servers => servers["example"] = server.Options);
        var offer = await scene.OfferAsync("example_echo");
        await server.DisposeAsync();

        var result = await scene.ResultAsync(offer.Tools[0], """{"message":"hi"}""");

        Assert.True(result.IsError);
        Assert.StartsWith("The server example went away", result.Text, StringComparison.Ordinal);
        var warning = Assert.Single((await scene.OfferAsync("example_echo")).Warnings);
        Assert.Equal("TOOL_SERVER_UNAVAILABLE", warning.Code);
    }

    [Fact]
    public async Task OfferAsync_NobodyAtTheAddress_IsAWarning()
    {
        await using var scene = new ServerScene(
            servers => servers["example"] = new ToolServerOptions { Url = $"http://127.0.0.1:{FreePort()}/mcp" });

        Assert.Equal("TOOL_SERVER_UNAVAILABLE", Assert.Single((await scene.OfferAsync("example_*")).Warnings).Code);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<Example> ExampleAsync(string transport)
    {
        if (transport == "stdio")
        {
            return new Example(ServerScene.Program([.. ToolPrograms.Everything, "stdio"]), null);
        }

        var port = FreePort();
        var program = ToolPrograms.Everything;
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program[0], [.. program[1..], transport])
            {
                Environment = { ["PORT"] = $"{port}" },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
            _ = line.Data?.Contains("listening") == true && listens.TrySetResult();
        _ = process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await listens.Task.InTime();
        return new Example(new ToolServerOptions { Url = $"http://127.0.0.1:{port}/mcp" }, process);
    }

    private sealed record Example(ToolServerOptions Options, Process? Process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Process is { HasExited: false })
            {
                Process.Kill();
                await Process.WaitForExitAsync().InTime();
            }

            Process?.Dispose();
        }
    }
}
