using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds server reflection, v1 and v1alpha.</summary>
public static class GrpcReflectionExtensions
{
    /// <summary>Adds what reflection needs.</summary>
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<MappedDescriptors>();
        return services;
    }

    /// <summary>Maps the reflection services; they tell of every gRPC service that is mapped, these included.</summary>
    public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
    {
        _ = builder.MapGrpcService<ReflectionAlphaService>();
        return builder.MapGrpcService<ReflectionService>();
    }
}
