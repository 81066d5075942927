using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What the headers of a call say.</summary>
/// <param name="Metadata">The caller's own headers.</param>
/// <param name="Timeout">The time that the call may take; null for any.</param>
/// <param name="Encoding">How messages that say so are compressed; null: none may be.</param>
/// <param name="AcceptsGzip">Whether the response may be compressed so.</param>
internal sealed record RequestHead(
    Metadata Metadata, TimeSpan? Timeout = null, string? Encoding = null, bool AcceptsGzip = false)
{
    /// <exception cref="RpcException">A header is wrong, or no time is left.</exception>
    public static RequestHead Read(IHeaderDictionary headers)
    {
        var metadata = ReadMetadata(headers);
        var encoding = Single(headers, GrpcHeaders.Encoding);
        if (encoding is not (null or GrpcHeaders.Identity or GrpcHeaders.Gzip))
        {
            throw ProtocolError.Of(
                StatusCode.Unimplemented,
                "ENCODING_UNSUPPORTED",
                $"The message encoding '{encoding}' is not supported; supported are {GrpcHeaders.AcceptedEncodings}.");
        }

        var timeout = ReadTimeout(headers);
        return timeout == TimeSpan.Zero
            ? throw ProtocolError.Of(
                StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", "The deadline had passed when the call arrived.")
            : new RequestHead(
                metadata,
                timeout,
                encoding == GrpcHeaders.Identity ? null : encoding,
                AcceptsGzipIn(headers[GrpcHeaders.AcceptEncoding]));
    }

    private static Metadata ReadMetadata(IHeaderDictionary headers)
    {
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
                    throw ProtocolError.Of(
                        StatusCode.Internal, "HEADER_MALFORMED", $"The value of the header {name} is no base64.");
                }
            }
        }

        return metadata;
    }

    private static TimeSpan? ReadTimeout(IHeaderDictionary headers)
    {
        if (Single(headers, GrpcHeaders.Timeout) is not { } text)
        {
            return null;
        }

        return TimeoutHeader.TryParse(text, out var timeout)
            ? timeout
            : throw ProtocolError.Of(
                StatusCode.Internal,
                "HEADER_MALFORMED",
                $"The header {GrpcHeaders.Timeout} is one to eight digits and a unit (H, M, S, m, u or n).");
    }

    private static string? Single(IHeaderDictionary headers, string name) => headers[name] switch
    {
        [] => null,
        [var value] => value,
        _ => throw ProtocolError.Of(StatusCode.Internal, "HEADER_MALFORMED", $"The header {name} was sent twice."),
    };

    private static bool AcceptsGzipIn(StringValues values)
    {
        foreach (var value in values)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                if (value.AsSpan(range).Trim().Equals(GrpcHeaders.Gzip, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // The host is the call's authority, and encodings of HTTP are for the hops between.
    private static bool IsTransport(string name) =>
        name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase);
}
