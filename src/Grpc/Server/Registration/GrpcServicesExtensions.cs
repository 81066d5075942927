using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Binding;
using Grpc.AspNetCore.Server.Calls;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds gRPC to an application.</summary>
public static class GrpcServicesExtensions
{
    /// <summary>Adds what gRPC services need.</summary>
    /// <remarks>
    /// A stop of the host does not cancel open calls: only the service knows whether a call may still finish. A service
    /// with long streams has to end them on <c>ApplicationStopping</c>, else they last until the host's
    /// <c>ShutdownTimeout</c>. No call outlives that, and nothing else here keeps the process alive.
    /// </remarks>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddOptions<GrpcServiceOptions>()
            .Validate(
                options => options.MaxReceiveMessageSize is null or >= 0,
                $"{nameof(GrpcServiceOptions.MaxReceiveMessageSize)} must not be negative.")
            .Validate(
                options => options.ResponseCompressionAlgorithm is null or GrpcHeaders.Gzip,
                $"{nameof(GrpcServiceOptions.ResponseCompressionAlgorithm)} is {GrpcHeaders.Gzip} or null.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MappedServices>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, UnknownMethodPolicy>());
        return new GrpcServerBuilder(services);
    }

    /// <inheritdoc cref="AddGrpc(IServiceCollection)"/>
    /// <param name="services">The services of the application.</param>
    /// <param name="configureOptions">Sets the options of all gRPC services.</param>
    public static IGrpcServerBuilder AddGrpc(
        this IServiceCollection services,
        Action<GrpcServiceOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(configureOptions);
        return services.Configure(configureOptions).AddGrpc();
    }
}
