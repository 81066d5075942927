using System.Net;
using ChatGrpc.Model;

namespace ChatGrpc.Ports;

/// <summary>
/// Where the service may listen. It is asked for every socket, so no way to give an address (an option, a variable, a
/// file that changes while the service runs) leads past it.
/// </summary>
/// <param name="LoopbackOnly">Nothing but the address keeps strangers out.</param>
internal sealed record ListenScope(bool LoopbackOnly)
{
    /// <exception cref="StartupException">Others than this machine would reach the service.</exception>
    public void Check(EndPoint endpoint)
    {
        if (LoopbackOnly && endpoint is IPEndPoint { Address: var address } && !IsLoopback(address))
        {
            throw new StartupException(
                $"{endpoint} can be reached from other machines and no key is configured: make one with the command "
                + "keys new NAME, or set Chat:AllowAnonymous=true to serve whoever comes (the address is from --urls, "
                + "ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS, ASPNETCORE_HTTPS_PORTS or Kestrel:Endpoints).");
        }
    }

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
