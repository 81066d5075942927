using System.Reflection;
using Grpc.AspNetCore.Server.Calls;
using Grpc.AspNetCore.Server.Interceptors;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Maps each method that generated code hands over. All reflection happens here, none in a call.</summary>
internal sealed class ServiceMethodBinder<TService>(
    IEndpointRouteBuilder routes, MappedServices mapped, CallServices callServices) : ServiceBinderBase
    where TService : class
{
    private readonly ServiceActivator<TService> _activator = new();
    private readonly List<IEndpointConventionBuilder> _endpoints = [];

    public IReadOnlyList<IEndpointConventionBuilder> Endpoints => _endpoints;

    private InterceptorCollection Interceptors => callServices.Options.Interceptors;

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation(method, [typeof(TRequest), typeof(ServerCallContext)]);
        var call = implementation.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        UnaryServerMethod<TRequest, TResponse> serve = async (request, context) =>
        {
            await using var service = Lease(context);
            return await call(service.Instance, request, context);
        };
        Map(method, implementation, new UnaryCallHandler<TRequest, TResponse>(
            method, callServices, Interceptors.Around(serve)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation(method, [typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext)]);
        var call = implementation
            .CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        ClientStreamingServerMethod<TRequest, TResponse> serve = async (requests, context) =>
        {
            await using var service = Lease(context);
            return await call(service.Instance, requests, context);
        };
        Map(method, implementation, new ClientStreamingCallHandler<TRequest, TResponse>(
            method, callServices, Interceptors.Around(serve)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation(
            method, [typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext)]);
        var call = implementation
            .CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        ServerStreamingServerMethod<TRequest, TResponse> serve = async (request, responses, context) =>
        {
            await using var service = Lease(context);
            await call(service.Instance, request, responses, context);
        };
        Map(method, implementation, new ServerStreamingCallHandler<TRequest, TResponse>(
            method, callServices, Interceptors.Around(serve)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation(
            method,
            [typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext)]);
        var call = implementation.CreateDelegate<
            Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        DuplexStreamingServerMethod<TRequest, TResponse> serve = async (requests, responses, context) =>
        {
            await using var service = Lease(context);
            await call(service.Instance, requests, responses, context);
        };
        Map(method, implementation, new DuplexStreamingCallHandler<TRequest, TResponse>(
            method, callServices, Interceptors.Around(serve)));
    }

    private static MethodInfo Implementation(IMethod method, Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
        ?? throw new InvalidOperationException($"{typeof(TService)} has no method for {method.FullName}.");

    private Lease<TService> Lease(ServerCallContext context) =>
        _activator.Lease(context.GetHttpContext().RequestServices);

    private void Map<TRequest, TResponse>(
        Method<TRequest, TResponse> method, MethodInfo implementation, CallHandler<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        mapped.Add(method.ServiceName);
        _endpoints.Add(routes
            .Map(method.FullName, (RequestDelegate)handler.HandleAsync)
            .WithDisplayName($"gRPC - {method.FullName}")
            .WithMetadata(typeof(TService).GetCustomAttributes(inherit: true))
            .WithMetadata(implementation.GetCustomAttributes(inherit: true))
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true))
            .WithMetadata(new GrpcMethodMetadata(typeof(TService), method)));
    }
}
