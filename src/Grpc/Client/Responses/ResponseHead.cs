using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Responses;

/// <summary>Judges what came before the response messages, and after them.</summary>
internal static class ResponseHead
{
    /// <summary>
    /// The status the response head decides on, or null when messages follow. The metadata are the application's
    /// headers, which are at the same time the trailers of an answer without messages.
    /// </summary>
    public static Status? Judge(HttpResponseMessage response, out Metadata headers)
    {
        var headersAreValid = TryReadMetadata(response.Headers, out headers);

        // A proxy may wrap an answer in its own HTTP status: if the gRPC status came through, it is the truth.
        if (ReadStatus(response.Headers) is { } status)
        {
            return status;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            var code = (int)response.StatusCode;
            return new Status(
                HttpStatusMapping.ToStatusCode(code),
                $"The server answered with HTTP status {code} and no gRPC status.");
        }

        var contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values)
            ? values.ToString()
            : string.Empty;
        if (WireModes.Of(contentType) != WireMode.Grpc)
        {
            var isOtherCodec = contentType.StartsWith(GrpcHeaders.ContentType, StringComparison.OrdinalIgnoreCase);
            return new Status(
                isOtherCodec ? StatusCode.Internal : StatusCode.Unknown,
                $"The server answered with the content type '{contentType}' instead of {GrpcHeaders.ContentType}.");
        }

        return headersAreValid ? null : new Status(StatusCode.Internal, "A binary response header is no base64.");
    }

    /// <summary>The status and metadata after the last message.</summary>
    public static Status ReadTrailers(HttpResponseMessage response, out Metadata trailers)
    {
        var trailersAreValid = TryReadMetadata(response.TrailingHeaders, out trailers);
        var status = ReadStatus(response.TrailingHeaders)
            ?? new Status(StatusCode.Internal, "The response ended without a gRPC status.");
        return status.StatusCode == StatusCode.OK && !trailersAreValid
            ? new Status(StatusCode.Internal, "A binary response trailer is no base64.")
            : status;
    }

    private static Status? ReadStatus(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(GrpcHeaders.Status, out var code))
        {
            return null;
        }

        var message = headers.NonValidated.TryGetValues(GrpcHeaders.Message, out var text) ? text.ToString() : null;
        return StatusTrailers.Parse(code.ToString(), message);
    }

    private static bool TryReadMetadata(HttpResponseHeaders headers, out Metadata metadata)
    {
        metadata = [];
        var isValid = true;
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                isValid &= MetadataHeaders.TryAdd(metadata, name, value);
            }
        }

        return isValid;
    }
}
