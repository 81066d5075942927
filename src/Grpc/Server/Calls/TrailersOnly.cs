using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>A whole answer in one block of headers, for calls that end before anything was sent.</summary>
internal static class TrailersOnly
{
    public static void Write(HttpResponse response, Status status, Metadata? trailers = null)
    {
        foreach (var (name, value) in StatusTrailers.Format(status, trailers ?? Metadata.Empty))
        {
            response.Headers.Append(name, value);
        }
    }
}
