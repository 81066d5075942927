using System.Reflection;
using Grpc.AspNetCore.Server.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Finds the generated bind method of a service and lets it hand over the service's methods.</summary>
internal static class ServiceEndpoints
{
    public static IReadOnlyList<IEndpointConventionBuilder> Map<TService>(
        IEndpointRouteBuilder routes, MappedServices mapped)
        where TService : class
    {
        var callServices = CallServices.Of<TService>(routes.ServiceProvider);
        var binder = new ServiceMethodBinder<TService>(routes, mapped, callServices);

        // Generated code takes a null service to mean "only tell me the methods".
        FindBindMethod(typeof(TService)).Invoke(null, [binder, null]);
        return binder.Endpoints;
    }

    private static MethodInfo FindBindMethod(Type serviceType)
    {
        for (var type = serviceType; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>() is { } attribute)
            {
                return attribute.BindType.GetMethod(
                    attribute.BindMethodName,
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static,
                    [typeof(ServiceBinderBase), type])
                    ?? throw new InvalidOperationException(
                        $"{attribute.BindType} has no method {attribute.BindMethodName} that binds {type}.");
            }
        }

        throw new InvalidOperationException(
            $"{serviceType} is no gRPC service: it does not derive from a generated service base.");
    }
}
