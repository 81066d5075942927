using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ChatGrpc.Bench.Load.Surviving;

/// <summary>
/// A provider that says one token and then nothing, and notes when its client leaves. In this process, so that one
/// clock tells both ends of a cancel.
/// </summary>
internal sealed class HangingProvider : IDisposable
{
    private static readonly byte[] Beginning =
        [.. "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8,
            .. "3d\r\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n\r\n"u8];

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<long> _left = Channel.CreateUnbounded<long>();

    public HangingProvider()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndPoint}/v1");

    /// <summary>The clock's timestamp of the next client that leaves.</summary>
    public ValueTask<long> NextLeftAsync() => _left.Reader.ReadAsync();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        socket.NoDelay = true;
        var buffer = new byte[64 * 1024];
        var count = 0;
        try
        {
            // The request's last bytes are its body's: a JSON object.
            while (count == 0 || buffer[count - 1] != '}')
            {
                count += await socket.ReceiveAsync(buffer.AsMemory(count));
            }

            await socket.SendAsync(Beginning);
            _ = await socket.ReceiveAsync(buffer);
        }
        catch (SocketException)
        {
            // A reset tells the same as an end.
        }

        _left.Writer.TryWrite(Stopwatch.GetTimestamp());
    }
}
