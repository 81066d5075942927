using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What every call of a service shares.</summary>
internal sealed class CallServices(GrpcServiceOptions options, TimeProvider clock, ILoggerFactory loggers)
{
    public GrpcServiceOptions Options { get; } = options;

    public TimeProvider Clock { get; } = clock;

    public ILogger Log { get; } = loggers.CreateLogger("Grpc.AspNetCore.Server.Call");

    public static CallServices Of<TService>(IServiceProvider services)
        where TService : class
    {
        var hasItsOwn = services.GetServices<IConfigureOptions<GrpcServiceOptions<TService>>>().Any();
        return new CallServices(
            hasItsOwn
                ? services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value
                : services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>());
    }
}
