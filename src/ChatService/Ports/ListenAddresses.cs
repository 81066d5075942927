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
    IServer server, IOptions<KestrelServerOptions> kestrel, IConfiguration configuration, SharedPorts shared)
    : IStartupFilter
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
                var parsed = Parse(address);
                shared.Note(parsed);
                Listen(kestrel.Value, address, parsed);
            }

            addresses.Clear();
        }

        return next;
    }

    private static BindingAddress Parse(string address)
    {
        var parsed = BindingAddress.Parse(address);
        if (parsed.Scheme is not ("http" or "https") || parsed.PathBase.Length > 0 || parsed.Port > IPEndPoint.MaxPort)
        {
            throw NoAddress(address);
        }

        if (parsed is { IsUnixPipe: true } && Path.GetDirectoryName(parsed.UnixPipePath) is { } folder
            && !Directory.Exists(folder))
        {
            throw new StartupException($"{address} cannot be listened on: there is no folder {folder}.");
        }

        return parsed is { Port: 0, Host: "localhost" }
            ? throw new StartupException(
                $"{address}: localhost is two addresses, which cannot share a free port; use http://127.0.0.1:0.")
            : parsed;
    }

    private static StartupException NoAddress(string address) => new(
        $"{address} is no address to listen on: choose localhost, an IP address or, for every address, *, "
        + "as in --urls http://localhost:5080.");

    private static void Listen(KestrelServerOptions kestrel, string address, BindingAddress parsed)
    {
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
            throw NoAddress(address);
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
