using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>An interceptor type, of which each call gets an instance.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;
    private readonly ObjectFactory _factory;

    internal InterceptorRegistration(Type type, object[] arguments)
    {
        Type = type;
        _arguments = arguments;
        _factory = ActivatorUtilities.CreateFactory(type, [.. arguments.Select(argument => argument.GetType())]);
    }

    /// <summary>The interceptor's class.</summary>
    public Type Type { get; }

    /// <summary>Constructor arguments that do not come from dependency injection.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    /// <summary>The registered instance where there is one, else a new one that ends with the lease.</summary>
    internal Lease<Interceptor> Lease(IServiceProvider services) =>
        _arguments.Length == 0 && services.GetService(Type) is Interceptor registered
            ? new Lease<Interceptor>(registered, isOwned: false)
            : new Lease<Interceptor>((Interceptor)_factory(services, _arguments), isOwned: true);
}
