using Grpc.AspNetCore.Server.Streams;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

internal sealed class ClientStreamingCallHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallServices services, ClientStreamingServerMethod<TRequest, TResponse> serve)
    : CallHandler<TRequest, TResponse>(method, services)
    where TRequest : class
    where TResponse : class
{
    protected override async Task ServeAsync(ServerCall call, RequestMessages<TRequest> requests) =>
        await RespondAsync(call, await serve(new RequestStream<TRequest>(requests), call));
}
