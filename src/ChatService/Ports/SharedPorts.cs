using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace ChatGrpc.Ports;

/// <summary>
/// Which ports serve both versions of HTTP in cleartext. Not those with TLS, nor those that are set to one version:
/// through the door a client would get past the certificate that such a port asks for.
/// </summary>
internal sealed class SharedPorts(IConfiguration configuration)
{
    private const string Protocols = "Protocols";

    private readonly ConcurrentBag<BindingAddress> _withTls = [];

    /// <summary>Takes note of an address among those that the host has collected.</summary>
    public void Note(BindingAddress address)
    {
        if (IsTls(address))
        {
            _withTls.Add(address);
        }
    }

    /// <summary>Whether connections of an endpoint may be looked at before its own middleware sees them.</summary>
    public bool Include(EndPoint endpoint)
    {
        // Read anew each time: Kestrel binds what a changed file names while the service runs.
        var kestrel = configuration.GetSection("Kestrel");
        return !_withTls.Any(address => Matches(address, endpoint))
            && !kestrel.GetSection("Endpoints").GetChildren().Any(configured => IsClosed(configured, kestrel)
                && (Parse(configured["Url"]) is not { } address || Matches(address, endpoint)));
    }

    private static bool IsClosed(IConfigurationSection endpoint, IConfigurationSection kestrel) =>
        (Parse(endpoint["Url"]) is { } address && IsTls(address))
        || (endpoint[Protocols] ?? kestrel.GetSection("EndpointDefaults")[Protocols]) is { } set
            && !set.StartsWith("Http1AndHttp2", StringComparison.OrdinalIgnoreCase);

    private static bool IsTls(BindingAddress address) =>
        address.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);

    // By port alone, whatever the interface: a port that is one and the other stays without the door.
    private static bool Matches(BindingAddress address, EndPoint endpoint) => endpoint switch
    {
        IPEndPoint ip => !address.IsUnixPipe && address.Port == ip.Port,
        UnixDomainSocketEndPoint socket => address.IsUnixPipe && address.UnixPipePath == socket.ToString(),
        _ => false,
    };

    private static BindingAddress? Parse(string? url)
    {
        try
        {
            return url is null ? null : BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            // Kestrel says so itself, and does not bind it.
            return null;
        }
    }
}
