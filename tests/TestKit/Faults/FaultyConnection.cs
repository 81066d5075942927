using System.Net;
using System.Net.Sockets;

namespace ChatGrpc.TestKit.Faults;

/// <summary>One connection through the proxy, from the client's to the server's socket and back.</summary>
/// <param name="occurs">Told of the fault when it occurs; what is held waits for its end.</param>
/// <param name="flows">Asked before anything is passed on, and waited for.</param>
internal sealed class FaultyConnection(
    Socket client, int port, FaultPlan plan, Func<Fault, Task> occurs, Func<Task> flows) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Returns when both directions have ended. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            (client.NoDelay, _server.NoDelay) = (true, true);
            await _server.ConnectAsync(IPAddress.Loopback, port);
            await Task.WhenAll(
                PassAsync(client, _server, plan.ToClient ? long.MaxValue : plan.AfterBytes),
                PassAsync(_server, client, plan.ToClient ? plan.AfterBytes : long.MaxValue));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // One side is gone, so the other one goes too.
        }

        Dispose();
    }

    /// <summary>Ends it now, as when a machine on the way forgets it.</summary>
    public void Reset()
    {
        try
        {
            // Without lingering, closing a socket is a reset and not an orderly end.
            client.LingerState = new LingerOption(enable: true, seconds: 0);
            _server.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has just ended by itself.
        }

        Dispose();
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private async Task PassAsync(Socket from, Socket to, long untilFault)
    {
        var buffer = new byte[plan.LargestPiece];
        var fault = plan.Fault == Fault.None || untilFault == long.MaxValue ? Fault.None : plan.Fault;
        while (true)
        {
            if (fault != Fault.None && untilFault == 0)
            {
                await occurs(fault);
                if (Break(fault, to))
                {
                    return;
                }

                fault = Fault.None;
            }

            var wanted = fault == Fault.None ? buffer.Length : (int)Math.Min(buffer.Length, untilFault);
            var read = await ReceiveAsync(from, buffer.AsMemory(0, wanted));
            if (read == 0)
            {
                await flows();
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            await flows();
            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }

            untilFault -= fault == Fault.None ? 0 : read;
        }
    }

    // The other direction's side may be gone first: then this one ends with it.
    private async ValueTask<int> ReceiveAsync(Socket from, Memory<byte> buffer)
    {
        try
        {
            return await from.ReceiveAsync(buffer);
        }
        catch (SocketException)
        {
            Dispose();
            throw;
        }
    }

    // False: the connection goes on.
    private bool Break(Fault fault, Socket to)
    {
        switch (fault)
        {
            case Fault.Reset:
                Reset();
                return true;
            case Fault.Close:
                // Closing a socket that somebody reads from would be a reset too; this ends the reading first.
                client.Shutdown(SocketShutdown.Both);
                _server.Shutdown(SocketShutdown.Both);
                return true;
            case Fault.HalfClose:
                to.Shutdown(SocketShutdown.Send);
                return true;
            default:
                return false;
        }
    }
}
