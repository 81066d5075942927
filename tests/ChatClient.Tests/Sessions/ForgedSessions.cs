using Chat.V1;
using ChatClient.Tests.Streams;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace ChatClient.Tests.Sessions;

/// <summary>
/// A session service that answers as the test says; real Kestrel and real gRPC. The client's assembly has the messages,
/// and no base of a service.
/// </summary>
[BindServiceMethod(typeof(ForgedSessions), nameof(Bind))]
internal sealed class ForgedSessions : IAsyncDisposable
{
    private WebApplication? _app;

    public Uri Address => new(_app!.Urls.Single());

    public Func<SearchMessagesRequest, SearchMessagesResponse> Searching { get; init; } = _ => throw Unexpected();

    public Func<ListSessionsRequest, ListSessionsResponse> Listing { get; init; } = _ => throw Unexpected();

    /// <summary>Pieces of a file; what it throws ends the call.</summary>
    public Func<ExportSessionRequest, IAsyncEnumerable<byte[]>> Exporting { get; init; } = _ => throw Unexpected();

    public Func<IAsyncStreamReader<ImportSessionRequest>, Task<ImportSessionResponse>> Importing { get; init; } =
        _ => throw Unexpected();

    public async Task<ForgedSessions> StartAsync()
    {
        _app = await ScriptedHost.StartAsync(this);
        return this;
    }

    public ValueTask DisposeAsync() => _app!.DisposeAsync();

    public Task<SearchMessagesResponse> SearchMessages(SearchMessagesRequest request, ServerCallContext context) =>
        Task.FromResult(Searching(request));

    public Task<ListSessionsResponse> ListSessions(ListSessionsRequest request, ServerCallContext context) =>
        Task.FromResult(Listing(request));

    public async Task ExportSession(
        ExportSessionRequest request, IServerStreamWriter<ExportSessionResponse> responses, ServerCallContext context)
    {
        await foreach (var piece in Exporting(request).WithCancellation(context.CancellationToken))
        {
            await responses.WriteAsync(
                new ExportSessionResponse { Data = ByteString.CopyFrom(piece) }, context.CancellationToken);
        }
    }

    public Task<ImportSessionResponse> ImportSession(
        IAsyncStreamReader<ImportSessionRequest> requests, ServerCallContext context) => Importing(requests);

    private static InvalidOperationException Unexpected() => new("The test does not expect this call.");

    private static Method<TRequest, TResponse> Method<TRequest, TResponse>(MethodType type, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => new(
            type, "chat.v1.SessionService", name, Marshaller<TRequest>(), Marshaller<TResponse>());

    private static Marshaller<T> Marshaller<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return Marshallers.Create(message => message.ToByteArray(), parser.ParseFrom);
    }

    // The binder asks for the methods alone, and finds what serves them by their names.
    private static void Bind(ServiceBinderBase binder, ForgedSessions? service)
    {
        binder.AddMethod(
            Method<SearchMessagesRequest, SearchMessagesResponse>(MethodType.Unary, nameof(SearchMessages)),
            (UnaryServerMethod<SearchMessagesRequest, SearchMessagesResponse>?)null);
        binder.AddMethod(
            Method<ListSessionsRequest, ListSessionsResponse>(MethodType.Unary, nameof(ListSessions)),
            (UnaryServerMethod<ListSessionsRequest, ListSessionsResponse>?)null);
        binder.AddMethod(
            Method<ExportSessionRequest, ExportSessionResponse>(MethodType.ServerStreaming, nameof(ExportSession)),
            (ServerStreamingServerMethod<ExportSessionRequest, ExportSessionResponse>?)null);
        binder.AddMethod(
            Method<ImportSessionRequest, ImportSessionResponse>(MethodType.ClientStreaming, nameof(ImportSession)),
            (ClientStreamingServerMethod<ImportSessionRequest, ImportSessionResponse>?)null);
    }
}
