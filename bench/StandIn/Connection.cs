using System.Net.Sockets;

namespace ChatGrpc.Bench.StandIn;

/// <summary>A client's connection: one request after the other, each answered by a stream.</summary>
internal sealed class Connection(Socket socket, Pacer pacer)
{
    // Requests of the bench are some hundred bytes.
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _count;

    public async Task ServeAsync()
    {
        using var owned = socket;
        socket.NoDelay = true;
        try
        {
            while (await ReadRequestAsync() is { } order)
            {
                var answer = new Answer(socket, order);
                await (order.IntervalTicks == 0 ? answer.SendAllAsync() : pacer.SendAsync(answer));
            }
        }
        catch (SocketException)
        {
            // The client left.
        }
    }

    // Null: the client has closed the connection.
    private async Task<Order?> ReadRequestAsync()
    {
        while (true)
        {
            if (RequestText.TryTake(_buffer.AsSpan(0, _count), out var order, out var length))
            {
                _buffer.AsSpan(length, _count - length).CopyTo(_buffer);
                _count -= length;
                return order;
            }

            var read = await socket.ReceiveAsync(_buffer.AsMemory(_count));
            if (read == 0)
            {
                return null;
            }

            _count += read;
        }
    }
}
