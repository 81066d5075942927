using Grpc.Core;

namespace Grpc.AspNetCore.Server.Interceptors;

/// <summary>Puts the interceptors around a method, once at start-up; each call then only runs delegates.</summary>
internal static class InterceptorPipeline
{
    public static UnaryServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        this InterceptorCollection interceptors, UnaryServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (next, registration) => async (request, context) =>
        {
            await using var lease = registration.Lease(context.GetHttpContext().RequestServices);
            return await lease.Instance.UnaryServerHandler(request, context, next);
        });

    public static ClientStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        this InterceptorCollection interceptors, ClientStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (next, registration) => async (requests, context) =>
        {
            await using var lease = registration.Lease(context.GetHttpContext().RequestServices);
            return await lease.Instance.ClientStreamingServerHandler(requests, context, next);
        });

    public static ServerStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        this InterceptorCollection interceptors, ServerStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (next, registration) => async (request, responses, context) =>
        {
            await using var lease = registration.Lease(context.GetHttpContext().RequestServices);
            await lease.Instance.ServerStreamingServerHandler(request, responses, context, next);
        });

    public static DuplexStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(
        this InterceptorCollection interceptors, DuplexStreamingServerMethod<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        interceptors.Reverse().Aggregate(method, (next, registration) => async (requests, responses, context) =>
        {
            await using var lease = registration.Lease(context.GetHttpContext().RequestServices);
            await lease.Instance.DuplexStreamingServerHandler(requests, responses, context, next);
        });
}
