using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ChatGrpc.Ports;

/// <summary>Says where the service listens; the door, which has no address, is not among that.</summary>
internal sealed partial class PortsAnnouncement(
    IServer server, Http2Door door, IHostApplicationLifetime lifetime, ILogger<PortsAnnouncement> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Announce);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses.Where(address => address != $"http://{door}"))
        {
            Listening(logger, address);
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "Now listening on: {Address} (gRPC and HTTP on one port).")]
    private static partial void Listening(ILogger logger, string address);
}
