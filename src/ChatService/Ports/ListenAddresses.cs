using System.Net;
using ChatGrpc.Model;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Ports;

/// <summary>
/// Makes endpoints of the addresses that the host has collected (--urls, ASPNETCORE_URLS and their like): beside the
/// door, which is an endpoint made in code, Kestrel would ignore them. Runs between the host and the server.
/// </summary>
internal sealed class ListenAddresses(
    IServer server, IOptions<KestrelServerOptions> kestrel, IConfiguration configuration) : IStartupFilter
{
    private const string Default = "http://localhost:5080";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next)
    {
        // Endpoints in Kestrel's own section replace addresses, as they always do.
        if (!configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            var addresses = server.Features.Get<IServerAddressesFeature>()!.Addresses;
            foreach (var address in addresses.DefaultIfEmpty(Default))
            {
                Listen(kestrel.Value, address);
            }

            addresses.Clear();
        }

        return next;
    }

    private static void Listen(KestrelServerOptions kestrel, string address)
    {
        var parsed = BindingAddress.Parse(address);
        if (parsed.IsUnixPipe)
        {
            kestrel.ListenUnixSocket(parsed.UnixPipePath, Secure);
        }
        else if (parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(parsed.Port, Secure);
        }
        else if (IPAddress.TryParse(parsed.Host, out var ip))
        {
            kestrel.Listen(ip, parsed.Port, Secure);
        }
        else if (parsed.Host is "*" or "+")
        {
            kestrel.ListenAnyIP(parsed.Port, Secure);
        }
        else
        {
            // Kestrel takes any other host, a misspelt port included, for every address of the machine.
            throw new StartupException(
                $"{address} is no address to listen on: choose localhost, an IP address or, for every address, *, "
                + "as in --urls http://localhost:5080.");
        }

        void Secure(ListenOptions endpoint)
        {
            if (parsed.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase))
            {
                endpoint.UseHttps();
            }
        }
    }
}
