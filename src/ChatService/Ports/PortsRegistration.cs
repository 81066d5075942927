using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatGrpc.Ports;

internal static class PortsRegistration
{
    /// <summary>
    /// HTTP/1.1 and HTTP/2 on each cleartext port; ports with TLS are Kestrel's alone. No client holds up the stop.
    /// </summary>
    public static void UseOnePort(this WebApplicationBuilder builder, ListenScope scope)
    {
        var door = new Http2Door();
        builder.Services.AddSingleton(door);
        builder.Services.AddSingleton(scope);
        builder.Services.AddSingleton<SharedPorts>();
        builder.Services.AddSingleton<IConnectionListenerFactory, PortListenerFactory>();
        builder.Services.AddSingleton<IStartupFilter, ListenAddresses>();
        builder.Services.AddHostedService<PortsAnnouncement>();
        PromptServer.Wrap(builder.Services);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(door, endpoint => endpoint.Protocols = HttpProtocols.Http2));
    }
}
