using Chat.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatGrpc.Bench.Host;

/// <summary>The gRPC stack and nothing else: as many messages as the request says, one write each.</summary>
internal sealed class StackEndpoint : ChatService.ChatServiceBase
{
    public static async Task RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        await using var app = builder.Build();
        app.MapGrpcService<StackEndpoint>();
        await app.RunAsync();
    }

    public override async Task StreamChat(
        StreamChatRequest request, IServerStreamWriter<StreamChatResponse> responseStream, ServerCallContext context)
    {
        using var pace = Pace.Of(request);
        while (await pace.NextAsync())
        {
            await responseStream.WriteAsync(FixedMessage.Value, context.CancellationToken);
        }
    }
}
