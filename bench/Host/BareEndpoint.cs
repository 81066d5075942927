using System.Buffers;
using Chat.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatGrpc.Bench.Host;

/// <summary>
/// Kestrel and nothing else. A POST to /idle gets its response headers and then stays open; one to the path of
/// <see cref="FixedMessage"/> gets as many copies of its bytes as the request says, a flush each, as gRPC.
/// </summary>
internal static class BareEndpoint
{
    private const int FrameHeader = 5;

    private static readonly byte[] Frame =
        [0, 0, 0, 0, (byte)FixedMessage.Value.CalculateSize(), .. FixedMessage.Value.ToByteArray()];

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
        app.MapPost(FixedMessage.Path, StreamAsync);
        await app.RunAsync();
    }

    private static async Task StreamAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = StreamChatRequest.Parser.ParseFrom(body.ToArray(), FrameHeader, (int)body.Length - FrameHeader);
        context.Response.ContentType = "application/grpc";
        using var pace = Pace.Of(request);
        while (await pace.NextAsync())
        {
            context.Response.BodyWriter.Write(Frame);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }

        context.Response.AppendTrailer("grpc-status", "0");
    }
}
