using System.Net;
using System.Net.Sockets;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Faults;

namespace ChatGrpc.Tests.TestKit;

public sealed class FaultProxyTests
{
    [Theory]
    [InlineData(nameof(Fault.Close), true)]
    [InlineData(nameof(Fault.HalfClose), true)]
    [InlineData(nameof(Fault.HalfClose), false)]
    public async Task Fault_AfterSoManyBytes_PassesThemAndEnds(string fault, bool toClient)
    {
        await using var scene = await Scene.StartAsync(
            new FaultPlan(Enum.Parse<Fault>(fault), AfterBytes: 5, toClient) { LargestPiece = 2 });
        var (from, to) = toClient ? (scene.Server, scene.Client) : (scene.Client, scene.Server);

        await from.SendAsync("0123456789"u8.ToArray());

        Assert.Equal("01234"u8.ToArray(), await ReadToEndAsync(to));
        Assert.Equal(1, scene.Proxy.Faults);
    }

    [Fact]
    public async Task Reset_AfterSomeBytes_IsSeenOnBothSides()
    {
        await using var scene = await Scene.StartAsync(new FaultPlan(Fault.Reset, AfterBytes: 3));
        await scene.Server.SendAsync("0123456789"u8.ToArray());

        foreach (var side in new[] { scene.Client, scene.Server })
        {
            var failure = await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(side));
            Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        }
    }

    [Fact]
    public async Task Hold_UntilReleased_StopsOneDirectionAlone()
    {
        await using var scene = await Scene.StartAsync(new FaultPlan(Fault.Hold, AfterBytes: 3));
        await scene.Server.SendAsync("012345"u8.ToArray());
        await scene.Proxy.Held.InTime();
        await scene.Client.SendAsync("back"u8.ToArray());

        Assert.Equal(4, await scene.Server.ReceiveAsync(new byte[10]).InTime());
        Assert.Equal(3, await scene.Client.ReceiveAsync(new byte[10]).InTime());
        var rest = scene.Client.ReceiveAsync(new byte[10]);
        Assert.False(rest.IsCompleted);
        scene.Proxy.Release();

        Assert.Equal(3, await rest.InTime());
    }

    [Fact]
    public async Task Cut_OpenConnection_IsSeenOnBothSides()
    {
        await using var scene = await Scene.StartAsync(new FaultPlan(Fault.None));
        await scene.Client.SendAsync("before"u8.ToArray());
        Assert.Equal(6, await scene.Server.ReceiveAsync(new byte[10]).InTime());
        scene.Proxy.Cut();

        foreach (var side in new[] { scene.Client, scene.Server })
        {
            var failure = await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(side));
            Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        }
    }

    [Fact]
    public async Task Freeze_UntilItFlows_StopsBothDirections()
    {
        await using var scene = await Scene.StartAsync(new FaultPlan(Fault.None));
        scene.Proxy.Freeze();
        await scene.Server.SendAsync("to client"u8.ToArray());
        await scene.Client.SendAsync("to server"u8.ToArray());
        var (atClient, atServer) =
            (scene.Client.ReceiveAsync(new byte[10]), scene.Server.ReceiveAsync(new byte[10]));
        Assert.False(atClient.IsCompleted || atServer.IsCompleted);
        scene.Proxy.Flow();

        Assert.Equal(9, await atClient.InTime());
        Assert.Equal(9, await atServer.InTime());
    }

    [Fact]
    public async Task None_ConnectionEndsInOrder_IsPassedOn()
    {
        await using var scene = await Scene.StartAsync(new FaultPlan(Fault.None));
        await scene.Client.SendAsync("all of it"u8.ToArray());
        scene.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal("all of it"u8.ToArray(), await ReadToEndAsync(scene.Server));
        Assert.Equal(0, scene.Proxy.Faults);
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        var all = new MemoryStream();
        var buffer = new byte[100];
        while (await socket.ReceiveAsync(buffer).InTime() is var read and > 0)
        {
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    /// <summary>A server's and a client's socket with the proxy between them.</summary>
    private sealed class Scene(FaultProxy proxy, Socket listener, Socket client, Socket server) : IAsyncDisposable
    {
        public FaultProxy Proxy => proxy;

        public Socket Client => client;

        public Socket Server => server;

        public static async Task<Scene> StartAsync(FaultPlan plan)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var proxy = FaultProxy.Start(new Uri($"http://{listener.LocalEndPoint}"), () => plan);
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(IPAddress.Loopback, proxy.Address.Port);
            return new Scene(proxy, listener, client, await listener.AcceptAsync().InTime());
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            server.Dispose();
            listener.Dispose();
            await proxy.DisposeAsync();
        }
    }
}
