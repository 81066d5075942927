using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>How a call's end is written.</summary>
internal static class CallTrailers
{
    /// <summary>As a whole answer in one block of headers ("trailers-only"), if nothing was sent before.</summary>
    public static void WriteAlone(HttpResponse response, Status status, Metadata trailers)
    {
        foreach (var (name, value) in StatusTrailers.Format(status, trailers))
        {
            response.Headers.Append(name, value);
        }
    }

    /// <summary>After headers or messages.</summary>
    public static void Append(HttpResponse response, Status status, Metadata trailers)
    {
        foreach (var (name, value) in StatusTrailers.Format(status, trailers))
        {
            response.AppendTrailer(name, value);
        }
    }
}
