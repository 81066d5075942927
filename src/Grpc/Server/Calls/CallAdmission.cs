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
        "This address takes application/grpc, application/grpc-web or application/grpc-web-text, with protobuf.\n");

    private static readonly HttpRefusal WrongVersion = new(
        StatusCodes.Status426UpgradeRequired,
        "gRPC needs HTTP/2, and without TLS a client has to start with it at once (prior knowledge). Over HTTP/1.1 use "
        + "gRPC-Web.\n");

    public static HttpRefusal? Refuse(HttpRequest request, out WireMode mode)
    {
        mode = default;
        if (WireModes.Of(request.ContentType) is not { } known)
        {
            return WrongContentType;
        }

        mode = known;
        return mode != WireMode.Grpc || HttpProtocol.IsHttp2(request.Protocol) ? null : WrongVersion;
    }
}
