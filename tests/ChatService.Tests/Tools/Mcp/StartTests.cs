using System.Net;
using System.Net.Sockets;
using ChatGrpc.TestKit;
using ChatGrpc.Tools;

namespace ChatGrpc.Tests.Tools.Mcp;

public sealed class StartTests : IDisposable
{
    private readonly TcpListener _gate = new(IPAddress.Loopback, 0);

    public StartTests() => _gate.Start();

    private string[] Gated => ["--gate", $"{((IPEndPoint)_gate.LocalEndpoint).Port}"];

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task OfferAsync_ServerThatStartsSlowly_IsWaitedForOnce()
    {
        await using var scene = ServerScene.Ours(Gated);

        var first = scene.OfferAsync("ours_echo");
        var second = scene.OfferAsync("ours_echo");
        using var server = await _gate.AcceptSocketAsync().InTime();
        Assert.False(first.IsCompleted || second.IsCompleted);
        _ = server.Send([1]);

        Assert.Single((await first).Tools);
        Assert.Single((await second).Tools);
        Assert.False(_gate.Pending());
    }

    [Fact]
    public async Task OfferAsync_ServerThatDoesNotStart_IsAWarningAfterTheLimit()
    {
        await using var scene = ServerScene.Ours(Gated);

        var offer = scene.OfferAsync("time", "ours_*");
        using var server = await _gate.AcceptSocketAsync().InTime();
        scene.Time.Advance(TimeSpan.FromSeconds(10));

        var (tools, warnings) = await offer;
        Assert.Equal(["time"], tools.Select(tool => tool.Name));
        var warning = Assert.Single(warnings);
        Assert.Equal(
            ("TOOL_SERVER_UNAVAILABLE", "The tools of ours are not available. It did not start within 10 s."),
            (warning.Code, warning.Message));
    }

    [Fact]
    public async Task OfferAsync_CallerThatLeaves_LeavesTheStartToTheOthers()
    {
        await using var scene = ServerScene.Ours(Gated);
        using var cancel = new CancellationTokenSource();

        var leaves = scene.Catalogue.OfferAsync(new() { Names = { "ours_*" } }, cancel.Token);
        var stays = scene.OfferAsync("ours_echo");
        using var server = await _gate.AcceptSocketAsync().InTime();
        await cancel.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves.InTime());
        _ = server.Send([1]);

        Assert.Single((await stays).Tools);
    }

    [Fact]
    public async Task OfferAsync_ServerThatEndsAtItsStart_IsTriedAgainAfterAPause()
    {
        await using var scene = ServerScene.Ours(Gated);

        async Task EndedStartAsync()
        {
            var offer = scene.OfferAsync("ours_echo");
            (await _gate.AcceptSocketAsync().InTime()).Dispose();
            Assert.Single((await offer).Warnings);
        }

        await EndedStartAsync();

        // Before a second is over it is not tried again.
        Assert.Single((await scene.OfferAsync("ours_echo")).Warnings);
        Assert.False(_gate.Pending());
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        await EndedStartAsync();

        // And now two.
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single((await scene.OfferAsync("ours_echo")).Warnings);
        Assert.False(_gate.Pending());
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        var last = scene.OfferAsync("ours_echo");
        using var server = await _gate.AcceptSocketAsync().InTime();
        _ = server.Send([1]);
        Assert.Single((await last).Tools);
    }

    [Fact]
    public async Task OfferAsync_StartThatFailsAsNobodyForesaw_IsTriedAgainToo()
    {
        // The settings refuse such an address; it stands for whatever a library throws.
        var options = new ToolServerOptions { Url = "nowhere" };
        await using var scene = new ServerScene(servers => servers["ours"] = options);

        Assert.Single((await scene.OfferAsync("ours_echo")).Warnings);
        options.Url = "";
        options.Command = ServerScene.OursWith().Command;
        options.Arguments = ServerScene.OursWith().Arguments;
        scene.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single((await scene.OfferAsync("ours_echo")).Tools);
    }

    [Fact]
    public async Task Dispose_WhileItStarts_EndsTheStart()
    {
        var scene = ServerScene.Ours(Gated);
        var offer = scene.OfferAsync("ours_echo");
        using var server = await _gate.AcceptSocketAsync().InTime();

        // The program waits at its gate and would not see the end of its input: it is killed.
        await scene.DisposeAsync().InTime();

        Assert.Single((await offer).Warnings);
        Assert.Equal(0, await server.ReceiveAsync(new byte[1]).InTime());
    }
}
