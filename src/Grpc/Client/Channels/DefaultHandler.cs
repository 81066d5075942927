namespace Grpc.Net.Client;

/// <summary>The transport of channels that were given none.</summary>
internal static class DefaultHandler
{
    // A host that swallows packets must not hold a call for the minutes TCP would try.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // A peer that vanished without a FIN is noticed within 40 s while a call waits for it.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    public static SocketsHttpHandler Create(Uri address) => new()
    {
        // A server grants about 100 streams a connection; calls beyond that need a connection more, not a queue.
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = PingDelay,
        KeepAlivePingTimeout = PingTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        ConnectTimeout = ConnectTimeout,

        // A cancelled call ends now: nobody will read what would be drained.
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,

        // HTTP/2 without TLS does not pass proxies, which speak HTTP/1.1 to their clients.
        UseProxy = address.Scheme == Uri.UriSchemeHttps,
        AllowAutoRedirect = false,
        UseCookies = false,
    };
}
