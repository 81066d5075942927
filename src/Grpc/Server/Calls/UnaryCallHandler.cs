using Grpc.AspNetCore.Server.Streams;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

internal sealed class UnaryCallHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, CallServices services, UnaryServerMethod<TRequest, TResponse> serve)
    : CallHandler<TRequest, TResponse>(method, services)
    where TRequest : class
    where TResponse : class
{
    protected override async Task ServeAsync(ServerCall call, RequestMessages<TRequest> requests)
    {
        var request = await requests.ReadOnlyMessageAsync();
        await RespondAsync(call, await serve(request, call));
    }
}
