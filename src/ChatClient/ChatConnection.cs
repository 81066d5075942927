using Chat.V1;
using Grpc.Net.Client;
using Service = Chat.V1.ChatService;

namespace ChatGrpc.Client;

/// <summary>The connection to one service, for as long as the program talks to it.</summary>
internal sealed class ChatConnection(Uri server) : IDisposable
{
    // A message of a conversation may be as large as the request that brought it: 16 MiB, and what frames it.
    private const int MaxReceivedBytes = 17 * 1024 * 1024;

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(
        server, new GrpcChannelOptions { MaxReceiveMessageSize = MaxReceivedBytes });

    public Uri Server => server;

    public Service.ChatServiceClient Chat => new(_channel);

    public ModelService.ModelServiceClient Models => new(_channel);

    public SessionService.SessionServiceClient Sessions => new(_channel);

    public void Dispose() => _channel.Dispose();
}
