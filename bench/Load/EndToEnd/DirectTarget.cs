using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChatGrpc.Bench.Load.EndToEnd;

/// <summary>The stand-in itself: HTTP/1.1 on plain sockets, one for each stream at a time.</summary>
internal sealed class DirectTarget(Uri address) : ITarget
{
    private readonly ConcurrentBag<Socket> _idle = [];

    public void Open(string order, TokenStream stream)
    {
        var body = Encoding.UTF8.GetBytes(ChatBody.Of(order));
        byte[] request =
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: {address.Authority}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"),
            .. body,
        ];
        if (!_idle.TryTake(out var socket))
        {
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Loopback, address.Port);
        }

        socket.Send(request);
        _ = ReadAsync(socket, stream);
    }

    public void Dispose()
    {
        foreach (var socket in _idle)
        {
            socket.Dispose();
        }
    }

    private async Task ReadAsync(Socket socket, TokenStream stream)
    {
        var decoder = new SseDecoder(stream);
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer) is var read and > 0)
        {
            decoder.Feed(buffer.AsSpan(0, read));
            if (buffer.AsSpan(0, read).EndsWith("\r\n0\r\n\r\n"u8))
            {
                _idle.Add(socket);
                stream.End();
                return;
            }
        }

        stream.Fail("The stand-in closed the connection.");
    }
}
