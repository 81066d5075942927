using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace ChatGrpc.Ports;

/// <summary>
/// A port's listener. It looks at each new connection, any number at a time, keeps those that are not HTTP/2 for its
/// own endpoint and hands the others through the door.
/// </summary>
internal sealed class PortListener : IConnectionListener
{
    // As in Http2Door: a socket's backlog.
    private const int Backlog = 512;

    private readonly IConnectionListener _sockets;
    private readonly Http2Door _door;
    private readonly TimeProvider _time;
    private readonly Channel<ConnectionContext> _kept = Channel.CreateBounded<ConnectionContext>(Backlog);
    private readonly Task _loop;

    public PortListener(IConnectionListener sockets, Http2Door door, TimeProvider time)
    {
        _sockets = sockets;
        _door = door;
        _time = time;
        _loop = Task.Run(AcceptAllAsync);
    }

    public EndPoint EndPoint => _sockets.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _kept.Reader.WaitToReadAsync(cancellationToken) && _kept.Reader.TryRead(out var connection)
            ? connection
            : null;

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _sockets.UnbindAsync(cancellationToken);
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        await _sockets.DisposeAsync();
        await _loop;
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (await _sockets.AcceptAsync() is { } connection)
            {
                _ = SortAsync(connection);
            }

            _kept.Writer.TryComplete();
        }
        catch (Exception broken)
        {
            // Kestrel logs it and stops the endpoint, as it does with a socket's own failure.
            _kept.Writer.TryComplete(broken);
        }
    }

    private async Task SortAsync(ConnectionContext connection)
    {
        try
        {
            if (await Http2Preface.IsNextAsync(connection, _time)
                ? await _door.TryEnterAsync(connection)
                : await TryKeepAsync(connection))
            {
                return;
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client left before it had said what it speaks.
        }

        await connection.DisposeAsync();
    }

    private async ValueTask<bool> TryKeepAsync(ConnectionContext connection)
    {
        while (await _kept.Writer.WaitToWriteAsync())
        {
            if (_kept.Writer.TryWrite(connection))
            {
                return true;
            }
        }

        return false;
    }
}
