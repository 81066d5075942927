using Chat.V1;
using Grpc.Net.Client;
using Service = Chat.V1.ChatService;

namespace ChatGrpc.Client;

/// <summary>The connection to one service, for as long as the program talks to it.</summary>
internal sealed class ChatConnection(Uri server) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(server);

    public Uri Server => server;

    public Service.ChatServiceClient Chat => new(_channel);

    public ModelService.ModelServiceClient Models => new(_channel);

    public void Dispose() => _channel.Dispose();
}
