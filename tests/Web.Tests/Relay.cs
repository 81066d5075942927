using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ChatGrpc.TestKit;

namespace Web.Tests;

/// <summary>The network between the browser and the service, which a test takes away and gives back.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly IPEndPoint _service;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private readonly StringBuilder _asked = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>Waits until what the browser has sent last of this is as it should be.</summary>
    /// <param name="mark">Where it begins, in the bytes taken for Latin letters.</param>
    /// <param name="isRight">Of the mark and what follows it.</param>
    public async Task AskedAsync(string mark, Func<string, bool> isRight)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                more = _more.Task;
                var asked = _asked.ToString();
                var last = asked.LastIndexOf(mark, StringComparison.Ordinal);
                if (last >= 0 && isRight(asked[last..]))
                {
                    return;
                }
            }

            await more.InTime();
        }
    }

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
                await Task.WhenAny(
                    CopyAsync(client, service, Note), CopyAsync(service, client, _ => { })).Unwrap();
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

    private static async Task CopyAsync(Socket from, Socket to, Action<ReadOnlyMemory<byte>> note)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
        {
            note(buffer.AsMemory(0, count));
            var sent = 0;
            while (sent < count)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
    }

    private void Note(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _ = _asked.Append(Encoding.Latin1.GetString(bytes.Span));
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
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
