using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>How a call's end is written.</summary>
internal static class CallTrailers
{
    /// <summary>As a whole answer in one block of headers ("trailers-only"), if nothing was sent before.</summary>
    public static void WriteAlone(HttpResponse response, Status status, Metadata trailers)
    {
        foreach (var (name, value) in StatusTrailers.Format(status, trailers))
        {
            Add(response.Headers, name, value);
        }
    }

    /// <summary>After headers or messages.</summary>
    public static void Append(HttpResponse response, Status status, Metadata trailers)
    {
        var trailing = response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        foreach (var (name, value) in StatusTrailers.Format(status, trailers))
        {
            Add(trailing, name, value);
        }
    }

    /// <summary>Adds a value; the framework's own Append leaves an empty one out, and that is a value too.</summary>
    public static void Add(IHeaderDictionary headers, string name, string value) =>
        headers[name] = StringValues.Concat(headers[name], value);
}
