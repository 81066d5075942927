using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Why a call is cut off in the middle: the HTTP/2 error codes of RFC 9113, section 7.</summary>
internal enum StreamError
{
    Internal = 2,
    Cancel = 8,
}

internal static class StreamErrorExtensions
{
    /// <summary>Ends the call without a status.</summary>
    public static void CutOff(this HttpContext http, StreamError error)
    {
        if (http.Features.Get<IHttpResetFeature>() is { } stream)
        {
            stream.Reset((int)error);
        }
        else
        {
            // HTTP/1.1 has no streams: the connection is the call's own.
            http.Abort();
        }
    }
}
