using System.Net;

namespace ChatGrpc.Security;

/// <summary>
/// Looks at the name that a request calls the service by. A page whose name is made to point to this machine (DNS
/// rebinding) is of the service's own origin for a browser; its requests still tell the name.
/// </summary>
internal sealed class HostGate(AccessOptions access, WriteRefusal write)
{
    private readonly bool _checks = access.IsForThisMachineOnly || access.Hosts.Count > 0;
    private readonly HashSet<string> _hosts =
        new(access.Hosts.Select(Canonical), StringComparer.OrdinalIgnoreCase);

    public Task PassAsync(HttpContext http, RequestDelegate next) =>
        _checks && !IsUnixSocket(http.Connection) && !IsAllowed(http.Request.Host)
            ? write(http, Refusal.HostNotAllowed)
            : next(http);

    internal bool IsAllowed(HostString host)
    {
        // A name may end in the dot of the root.
        var name = host.Host is [.. var relative, '.'] ? relative : host.Host;
        return IsLoopback(name) || _hosts.Contains(Canonical(name));
    }

    // An IPv6 address has many forms, in brackets and without.
    private static string Canonical(string name) => IPAddress.TryParse(name, out var ip) ? ip.ToString() : name;

    private static bool IsLoopback(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(name, out var ip) && IPAddress.IsLoopback(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip));

    // No browser gets there, and clients put anything for a host.
    private static bool IsUnixSocket(ConnectionInfo connection) => connection.LocalIpAddress is null;
}
