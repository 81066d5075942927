using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Makes the service object of a call.</summary>
internal sealed class ServiceActivator<TService>
    where TService : class
{
    private readonly ObjectFactory<TService> _factory = ActivatorUtilities.CreateFactory<TService>([]);

    /// <summary>The registered instance where there is one, else a new one that ends with the lease.</summary>
    public Lease<TService> Lease(IServiceProvider services) =>
        services.GetService<TService>() is { } registered
            ? new Lease<TService>(registered, isOwned: false)
            : new Lease<TService>(_factory(services, null), isOwned: true);
}
