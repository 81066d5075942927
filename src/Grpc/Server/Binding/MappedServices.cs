using Grpc.AspNetCore.Server.Calls;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>The names of the services mapped so far, and the answer to calls of all others.</summary>
internal sealed class MappedServices
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _unknownMethodsMapped;

    public void Add(string serviceName) => _names.Add(serviceName);

    /// <summary>Answers gRPC calls that no endpoint takes; the route policy keeps other requests away.</summary>
    public void MapUnknownMethodsOnce(IEndpointRouteBuilder builder)
    {
        if (_unknownMethodsMapped)
        {
            return;
        }

        _unknownMethodsMapped = true;
        builder.Map("{**path}", AnswerUnimplemented)
            .WithDisplayName("gRPC - unknown method")
            .WithMetadata(UnknownMethodMetadata.Instance)
            // Behind every route of the application, but before its fallback.
            .Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = int.MaxValue - 1);
    }

    private Task AnswerUnimplemented(HttpContext http)
    {
        if (CallAdmission.Refuse(http.Request, out _) is { } refusal)
        {
            return refusal.WriteAsync(http.Response);
        }

        var path = http.Request.Path.Value ?? string.Empty;
        var service = path.LastIndexOf('/') is > 0 and var slash ? path[1..slash] : path.TrimStart('/');
        var unknown = _names.Contains(service)
            ? ProtocolError.Of(StatusCode.Unimplemented, "METHOD_UNKNOWN", "The service has no such method.")
            : ProtocolError.Of(StatusCode.Unimplemented, "SERVICE_UNKNOWN", "The service is not known here.");
        http.EndGrpcCall(unknown.Status, unknown.Trailers);
        return Task.CompletedTask;
    }
}
