using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatGrpc.Bench.Host;

/// <summary>
/// Kestrel and HttpClient and nothing else: each POST goes upstream, and what comes back goes on as it comes, unread.
/// </summary>
internal static class RelayEndpoint
{
    public static async Task RunAsync(string url, Uri upstream)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        using var handler = new SocketsHttpHandler();
        using var http = new HttpMessageInvoker(handler);
        await using var app = builder.Build();
        app.MapPost("/{**path}", context => RelayAsync(context, http, upstream));
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Now listening on: {app.Urls.First()}"));
        await app.RunAsync();
    }

    private static async Task RelayAsync(HttpContext context, HttpMessageInvoker http, Uri upstream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, context.Request.Path))
        {
            Content = new StreamContent(context.Request.Body),
        };
        request.Content.Headers.ContentLength = context.Request.ContentLength;
        using var response = await http.SendAsync(request, context.RequestAborted);
        context.Response.ContentType = "text/event-stream";
        var from = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var to = context.Response.BodyWriter;
        while (await from.ReadAsync(to.GetMemory(4_096), context.RequestAborted) is var read and > 0)
        {
            to.Advance(read);
            await to.FlushAsync(context.RequestAborted);
        }
    }
}
