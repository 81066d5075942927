using Grpc.AspNetCore.Server.Calls;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>For middleware that stands before the services: authentication, for one.</summary>
public static class GrpcHttpContextExtensions
{
    /// <summary>Whether the request is a call of gRPC or gRPC-Web: by verb, content type and version of HTTP.</summary>
    public static bool IsGrpcCall(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return HttpMethods.IsPost(request.Method) && CallAdmission.Refuse(request, out _) is null;
    }

    /// <summary>
    /// Answers a call with its end alone, in whichever way its client reads one; its body is not read. Nothing may have
    /// been sent before.
    /// </summary>
    /// <exception cref="InvalidOperationException">The request is no gRPC call.</exception>
    public static void EndGrpcCall(this HttpContext http, Status status, Metadata trailers)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(trailers);
        var mode = WireModes.Of(http.Request.ContentType)
            ?? throw new InvalidOperationException("The request is no gRPC call, so it has no gRPC status.");
        http.Response.ContentType = mode.ContentType();
        CallTrailers.WriteAlone(http.Response, status, trailers);
    }
}
