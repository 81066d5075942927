using System.Net;
using System.Net.Sockets;

namespace ChatGrpc.Tools.Http;

/// <summary>
/// Connections to allowed addresses only. The address is looked at after its name was resolved and is the one that is
/// connected to: a name cannot be one thing to the check and another to the connection.
/// </summary>
internal static class GuardedConnections
{
    // A server that does not take a connection by then is away; the tool's own deadline is for its answer.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    // What ordinary answers have, with cookies that nobody keeps.
    private const int MaxHeadersKilobytes = 32;

    /// <summary>Without cookies, proxies and credentials: what this machine knows is not told to anybody.</summary>
    public static SocketsHttpHandler Handler(Func<IPAddress, bool> isAllowed) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        Credentials = null,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = ConnectLimit,
        MaxResponseHeadersLength = MaxHeadersKilobytes,

        // What is not read is not waited for either.
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context, isAllowed, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, Func<IPAddress, bool> isAllowed, CancellationToken cancellationToken)
    {
        var end = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(end.Host, cancellationToken);

        // A name that has one address inside and one outside is a trap, or a mistake.
        if (!Array.TrueForAll(addresses, address => isAllowed(address)))
        {
            throw new AddressRefusedException(end.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
