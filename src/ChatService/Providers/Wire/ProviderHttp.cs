using System.Text;

namespace ChatGrpc.Providers.Wire;

/// <summary>The connections to providers.</summary>
internal static class ProviderHttp
{
    // Long enough for connections to stay warm, short enough to follow a provider that moves in DNS.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Sends and answers with the headers. No limits of time of its own: the turn has them. Nothing here changes what
    /// the wire said: no redirects (they would carry the key elsewhere), no decompression, no cookies.
    /// </summary>
    public static HttpMessageInvoker Create() => new(new ToldAsRequests(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,

        // By default a header outside ASCII, such as an application's title, is an error.
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,

        // By default the handler reads on for two seconds when an answer is left early, and the provider goes on
        // generating (and billing) for so long.
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
    }));
}
