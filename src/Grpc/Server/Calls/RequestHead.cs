using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What the headers of a call say: its metadata and the time it may take, null for any.</summary>
internal sealed record RequestHead(Metadata Metadata, TimeSpan? Timeout)
{
    /// <summary>Reads the headers; the status tells what is wrong with them, or that no time is left.</summary>
    public static RequestHead? Read(IHeaderDictionary headers, out Status refusal)
    {
        refusal = Status.DefaultSuccess;
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (IsTransport(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (!MetadataHeaders.TryAdd(metadata, name, value ?? string.Empty))
                {
                    refusal = new Status(StatusCode.Internal, $"The value of the header {name} is no base64.");
                    return null;
                }
            }
        }

        if (headers[GrpcHeaders.Encoding] is [{ } encoding] && encoding != GrpcHeaders.Identity)
        {
            refusal = new Status(
                StatusCode.Unimplemented,
                $"The message encoding '{encoding}' is not supported; supported is {GrpcHeaders.Identity}.");
            return null;
        }

        TimeSpan? timeout = null;
        if (headers[GrpcHeaders.Timeout] is [{ } text])
        {
            if (!TimeoutHeader.TryParse(text, out var parsed))
            {
                refusal = new Status(StatusCode.Internal, $"The header {GrpcHeaders.Timeout} is malformed.");
                return null;
            }

            timeout = parsed;
        }

        if (timeout == TimeSpan.Zero)
        {
            refusal = new Status(StatusCode.DeadlineExceeded, "The deadline had passed when the call arrived.");
            return null;
        }

        return new RequestHead(metadata, timeout);
    }

    // The host is the call's authority, and encodings of HTTP are for the hops between.
    private static bool IsTransport(string name) =>
        name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase);
}
