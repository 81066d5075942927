using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What every call of this server shares.</summary>
internal sealed class CallServices(
    IOptions<GrpcServiceOptions> options, TimeProvider clock, ILoggerFactory loggers)
{
    public GrpcServiceOptions Options { get; } = options.Value;

    public TimeProvider Clock { get; } = clock;

    public ILogger Log { get; } = loggers.CreateLogger("Grpc.AspNetCore.Server.Call");
}
