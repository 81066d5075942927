using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Client;

/// <summary>Real Kestrel, whose handler writes frames and trailers by hand, and a client connected to it.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RawServer(WebApplication app, GrpcChannelOptions options)
    {
        _app = app;
        Address = app.Urls.Single();
        Channel = GrpcChannel.ForAddress(Address, options);
        Client = new EchoService.EchoServiceClient(Channel);
    }

    public string Address { get; }

    public GrpcChannel Channel { get; }

    public EchoService.EchoServiceClient Client { get; }

    public static async Task<RawServer> StartAsync(
        RequestDelegate handler,
        GrpcChannelOptions? options = null,
        HttpProtocols protocols = HttpProtocols.Http2,
        X509Certificate2? certificate = null,
        int streamsPerConnection = 100)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = streamsPerConnection;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                endpoint.Protocols = protocols;
                if (certificate is not null)
                {
                    endpoint.UseHttps(certificate);
                }
            });
        });
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync();
        return new RawServer(app, options ?? new GrpcChannelOptions());
    }

    public async ValueTask DisposeAsync()
    {
        // The channel goes first: open calls would make Kestrel wait for them.
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}
