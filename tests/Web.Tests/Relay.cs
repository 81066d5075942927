using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ChatGrpc.TestKit;

namespace Web.Tests;

/// <summary>The network between the browser and the service, which a test takes away and gives back.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly IPEndPoint _service;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;
    private volatile bool _cut;

    public Relay(Uri service)
    {
        _service = new(IPAddress.Parse(service.Host), service.Port);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndPoint}");

    /// <summary>Resets all connections, and those that are tried from now on.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var socket in _sockets.Keys)
        {
            Reset(socket);
        }
    }

    public void Restore() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting.InTime();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var service = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _ = _sockets.TryAdd(client, 0);
        _ = _sockets.TryAdd(service, 0);
        try
        {
            if (!_cut)
            {
                await service.ConnectAsync(_service);
                await Task.WhenAny(CopyAsync(client, service), CopyAsync(service, client)).Unwrap();
            }
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException)
        {
            // Either side is gone, or the network is.
        }

        _ = _sockets.TryRemove(client, out _);
        _ = _sockets.TryRemove(service, out _);
        Reset(client);
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        using var source = new NetworkStream(from);
        using var target = new NetworkStream(to);
        await source.CopyToAsync(target);
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(enable: true, seconds: 0);
        }
        catch (ObjectDisposedException)
        {
            // It was reset already.
        }

        socket.Dispose();
    }
}
