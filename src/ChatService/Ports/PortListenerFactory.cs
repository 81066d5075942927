using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Ports;

/// <summary>Kestrel's socket transport, with the door beside its ports.</summary>
internal sealed class PortListenerFactory(
    Http2Door door,
    ListenScope scope,
    SharedPorts shared,
    IOptions<SocketTransportOptions> options,
    ILoggerFactory loggers,
    TimeProvider time)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);

    public bool CanBind(EndPoint endpoint) => endpoint is Http2Door or IPEndPoint or UnixDomainSocketEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        scope.Check(endpoint);
        if (endpoint is Http2Door)
        {
            return door;
        }

        var sockets = await _sockets.BindAsync(endpoint, cancellationToken);
        return shared.Include(endpoint) ? new PortListener(sockets, door, time) : sockets;
    }
}
