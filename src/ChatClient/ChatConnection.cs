using Chat.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Service = Chat.V1.ChatService;

namespace ChatGrpc.Client;

/// <summary>The connection to one service, for as long as the program talks to it.</summary>
internal sealed class ChatConnection : IDisposable
{
    // A message of a conversation may be as large as the request that brought it: 16 MiB, and what frames it.
    private const int MaxReceivedBytes = 17 * 1024 * 1024;

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;

    /// <param name="server">Where the service is.</param>
    /// <param name="key">What the service wants; empty: nothing.</param>
    public ChatConnection(Uri server, string key)
    {
        Server = server;
        _channel = GrpcChannel.ForAddress(
            server, new GrpcChannelOptions { MaxReceiveMessageSize = MaxReceivedBytes });
        _calls = key.Length > 0 ? _channel.Intercept(new KeyInterceptor(key)) : _channel.CreateCallInvoker();
    }

    public Uri Server { get; }

    public Service.ChatServiceClient Chat => new(_calls);

    public ModelService.ModelServiceClient Models => new(_calls);

    public ToolService.ToolServiceClient Tools => new(_calls);

    public SessionService.SessionServiceClient Sessions => new(_calls);

    public void Dispose() => _channel.Dispose();
}
