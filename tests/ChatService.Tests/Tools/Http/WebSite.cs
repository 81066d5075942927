using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ChatGrpc.Tests.Tools.Http;

/// <summary>A web server on two addresses of this machine, of which a test calls one public.</summary>
internal sealed class WebSite : IAsyncDisposable
{
    public static readonly IPAddress Outside = IPAddress.Parse("127.0.0.1");
    public static readonly IPAddress Inside = IPAddress.Parse("127.0.0.2");

    private readonly WebApplication _app;

    private WebSite(WebApplication app) => _app = app;

    /// <summary>Of the outside; the inside has another.</summary>
    public int Port { get; private set; }

    public int InsidePort { get; private set; }

    public static async Task<WebSite> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(Outside, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(Inside, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        int PortOf(IPAddress address) => new Uri(app.Urls.Single(url => url.Contains($"{address}"))).Port;
        return new WebSite(app) { Port = PortOf(Outside), InsidePort = PortOf(Inside) };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
