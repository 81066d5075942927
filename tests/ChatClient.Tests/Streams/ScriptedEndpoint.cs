using Chat.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ChatClient.Tests.Streams;

/// <summary>Streams as a server has them; the client's assembly has the messages, and no base of a service.</summary>
[BindServiceMethod(typeof(ScriptedEndpoint), nameof(Bind))]
internal sealed class ScriptedEndpoint
{
    private static readonly Method<StreamChatRequest, StreamChatResponse> StreamChatMethod = new(
        MethodType.ServerStreaming,
        "chat.v1.ChatService",
        "StreamChat",
        Marshallers.Create(message => message.ToByteArray(), StreamChatRequest.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), StreamChatResponse.Parser.ParseFrom));

    private static readonly Method<WatchSessionRequest, WatchSessionResponse> WatchSessionMethod = new(
        MethodType.ServerStreaming,
        "chat.v1.SessionService",
        "WatchSession",
        Marshallers.Create(message => message.ToByteArray(), WatchSessionRequest.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), WatchSessionResponse.Parser.ParseFrom));

    private static readonly Method<SubmitToolResultRequest, SubmitToolResultResponse> SubmitToolResultMethod = new(
        MethodType.Unary,
        "chat.v1.ChatService",
        "SubmitToolResult",
        Marshallers.Create(message => message.ToByteArray(), SubmitToolResultRequest.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), SubmitToolResultResponse.Parser.ParseFrom));

    private static readonly Method<ListToolsRequest, ListToolsResponse> ListToolsMethod = new(
        MethodType.Unary,
        "chat.v1.ToolService",
        "ListTools",
        Marshallers.Create(message => message.ToByteArray(), ListToolsRequest.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), ListToolsResponse.Parser.ParseFrom));

    public Func<SubmitToolResultRequest, SubmitToolResultResponse> Submit { get; set; } =
        _ => throw new InvalidOperationException("Nothing waits for a result.");

    public ListToolsResponse Tools { get; set; } = new();

    public ServerStreamingServerMethod<StreamChatRequest, StreamChatResponse> Read { get; set; } =
        (_, _, _) => throw new InvalidOperationException("Nothing is to be read.");

    public ServerStreamingServerMethod<WatchSessionRequest, WatchSessionResponse> Watch { get; set; } =
        (_, _, _) => throw new InvalidOperationException("Nothing is to be watched.");

    public Task StreamChat(
        StreamChatRequest request, IServerStreamWriter<StreamChatResponse> responses, ServerCallContext context) =>
        Read(request, responses, context);

    public Task WatchSession(
        WatchSessionRequest request, IServerStreamWriter<WatchSessionResponse> responses, ServerCallContext context) =>
        Watch(request, responses, context);

    public Task<SubmitToolResultResponse> SubmitToolResult(
        SubmitToolResultRequest request, ServerCallContext context) => Task.FromResult(Submit(request));

    public Task<ListToolsResponse> ListTools(ListToolsRequest request, ServerCallContext context) =>
        Task.FromResult(Tools);

    // The binder asks for the methods alone, and finds what serves them by their names.
    private static void Bind(ServiceBinderBase binder, ScriptedEndpoint? service)
    {
        binder.AddMethod(StreamChatMethod, (ServerStreamingServerMethod<StreamChatRequest, StreamChatResponse>?)null);
        binder.AddMethod(
            SubmitToolResultMethod, (UnaryServerMethod<SubmitToolResultRequest, SubmitToolResultResponse>?)null);
        binder.AddMethod(ListToolsMethod, (UnaryServerMethod<ListToolsRequest, ListToolsResponse>?)null);
        binder.AddMethod(
            WatchSessionMethod, (ServerStreamingServerMethod<WatchSessionRequest, WatchSessionResponse>?)null);
    }
}
