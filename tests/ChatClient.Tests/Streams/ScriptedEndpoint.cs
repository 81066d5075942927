using Chat.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ChatClient.Tests.Streams;

/// <summary>StreamChat as a server has it: the client's assembly brings the messages, and no base of a service.</summary>
[BindServiceMethod(typeof(ScriptedEndpoint), nameof(Bind))]
internal sealed class ScriptedEndpoint
{
    private static readonly Method<StreamChatRequest, StreamChatResponse> StreamChatMethod = new(
        MethodType.ServerStreaming,
        "chat.v1.ChatService",
        "StreamChat",
        Marshallers.Create(message => message.ToByteArray(), StreamChatRequest.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), StreamChatResponse.Parser.ParseFrom));

    public ServerStreamingServerMethod<StreamChatRequest, StreamChatResponse> Read { get; set; } =
        (_, _, _) => throw new InvalidOperationException("The script is not there yet.");

    public Task StreamChat(
        StreamChatRequest request, IServerStreamWriter<StreamChatResponse> responses, ServerCallContext context) =>
        Read(request, responses, context);

    // The binder asks for the methods with no service, and wants the handler from one.
    private static void Bind(ServiceBinderBase binder, ScriptedEndpoint? service) => binder.AddMethod(
        StreamChatMethod,
        service is null ? null : new ServerStreamingServerMethod<StreamChatRequest, StreamChatResponse>(
            service.StreamChat));
}
