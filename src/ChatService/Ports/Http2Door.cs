using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace ChatGrpc.Ports;

/// <summary>
/// An endpoint without an address: the HTTP/2 server behind all ports. What a port finds to be HTTP/2 comes in here.
/// </summary>
internal sealed class Http2Door : EndPoint, IConnectionListener
{
    // Kestrel takes connections as fast as they come; this is the backlog that a socket would have.
    private const int Backlog = 512;

    private readonly Channel<ConnectionContext> _arrived = Channel.CreateBounded<ConnectionContext>(Backlog);

    EndPoint IConnectionListener.EndPoint => this;

    /// <summary>False: the server is stopping.</summary>
    public async ValueTask<bool> TryEnterAsync(ConnectionContext connection)
    {
        while (await _arrived.Writer.WaitToWriteAsync())
        {
            if (_arrived.Writer.TryWrite(connection))
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _arrived.Reader.WaitToReadAsync(cancellationToken) && _arrived.Reader.TryRead(out var connection)
            ? connection
            : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _arrived.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    public override string ToString() => "http2";
}
