using System.Net.Mime;
using ChatGrpc.Security;
using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>Answers requests that do not come in, each in its own language.</summary>
internal static class Refusals
{
    public static Task WriteAsync(HttpContext http, Refusal refusal)
    {
        if (http.Request.IsGrpcCall())
        {
            var failure = FailureStatus.Of(refusal.Failure);
            http.EndGrpcCall(failure.Status, failure.Trailers);
            return Task.CompletedTask;
        }

        http.Response.StatusCode = refusal.HttpStatus;
        if (refusal.HttpStatus == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        http.Response.ContentType = MediaTypeNames.Text.Plain;
        return http.Response.WriteAsync($"{refusal.Failure.Message}\n");
    }
}
