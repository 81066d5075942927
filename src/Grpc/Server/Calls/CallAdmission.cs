using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>An answer in plain HTTP to a request that is no gRPC call.</summary>
internal sealed record HttpRefusal(int StatusCode, string Text)
{
    public Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = StatusCode;
        if (StatusCode == StatusCodes.Status426UpgradeRequired)
        {
            // RFC 9110 asks for the header; h2c by upgrade is not on offer, so it names the protocol alone.
            response.Headers.Upgrade = "HTTP/2.0";
        }

        return response.WriteAsync(Text);
    }
}

/// <summary>Tells whether a request is a gRPC call. Routing has answered 405 to verbs other than POST.</summary>
internal static class CallAdmission
{
    private static readonly HttpRefusal WrongContentType = new(
        StatusCodes.Status415UnsupportedMediaType,
        $"This address takes {GrpcHeaders.ContentType} or {GrpcHeaders.ContentType}+proto.\n");

    private static readonly HttpRefusal WrongVersion = new(
        StatusCodes.Status426UpgradeRequired,
        "gRPC needs HTTP/2. Without TLS a client has to start with HTTP/2 at once (prior knowledge).\n");

    public static HttpRefusal? Refuse(HttpRequest request)
    {
        if (!GrpcHeaders.IsGrpcContentType(request.ContentType))
        {
            return WrongContentType;
        }

        return HttpProtocol.IsHttp2(request.Protocol) ? null : WrongVersion;
    }
}
