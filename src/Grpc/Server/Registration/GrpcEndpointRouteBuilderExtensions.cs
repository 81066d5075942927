using Grpc.AspNetCore.Server.Binding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services to endpoints.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps every method of a service; an instance of it is made for each call.</summary>
    /// <typeparam name="TService">A class that derives from a generated service base.</typeparam>
    /// <param name="builder">The routes of the application.</param>
    /// <exception cref="InvalidOperationException">
    /// <c>AddGrpc</c> was not called, or <typeparamref name="TService"/> is no gRPC service.
    /// </exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var mapped = builder.ServiceProvider.GetService<MappedServices>()
            ?? throw new InvalidOperationException("Call services.AddGrpc() before mapping gRPC services.");
        mapped.MapUnknownMethodsOnce(builder);
        return new GrpcServiceEndpointConventionBuilder(ServiceEndpoints.Map<TService>(builder, mapped));
    }
}
