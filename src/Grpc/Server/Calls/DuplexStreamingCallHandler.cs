using Grpc.AspNetCore.Server.Streams;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

internal sealed class DuplexStreamingCallHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallServices services, DuplexStreamingServerMethod<TRequest, TResponse> serve)
    : CallHandler<TRequest, TResponse>(method, services)
    where TRequest : class
    where TResponse : class
{
    protected override Task ServeAsync(ServerCall call, RequestMessages<TRequest> requests) =>
        serve(new RequestStream<TRequest>(requests), Responses(call), call);
}
