using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatGrpc.Bench.Host;

/// <summary>Kestrel and nothing else: each POST gets its response headers and then stays open.</summary>
internal static class BareEndpoint
{
    public static async Task RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();

        // As in the service: lines for each request are not what is measured.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.MapPost("/idle", static async context =>
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(() => gone.TrySetResult());
            await gone.Task;
        });
        await app.RunAsync();
    }
}
