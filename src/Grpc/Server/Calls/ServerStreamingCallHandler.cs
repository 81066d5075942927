using Grpc.AspNetCore.Server.Streams;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

internal sealed class ServerStreamingCallHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallServices services, ServerStreamingServerMethod<TRequest, TResponse> serve)
    : CallHandler<TRequest, TResponse>(method, services)
    where TRequest : class
    where TResponse : class
{
    protected override async Task ServeAsync(ServerCall call, RequestMessages<TRequest> requests) =>
        await serve(await requests.ReadOnlyMessageAsync(), Responses(call), call);
}
