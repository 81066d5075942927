using System.Net;
using System.Net.Sockets;
using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>What a failure of the transport means as a status.</summary>
internal static class TransportErrors
{
    private const long NoError = 0x0;
    private const long ProtocolError = 0x1;

    /// <summary>Whether an exception is how the transport reports a broken or cancelled response.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is IOException or HttpRequestException or OperationCanceledException or SocketException;

    /// <summary>The status to end a call with; its sentence names the server.</summary>
    public static Status ToStatus(Exception exception, Uri address)
    {
        var server = address.GetLeftPart(UriPartial.Authority);
        var (code, sentence) = FindHttp2Error(exception) is { } http2Error
            ? FromHttp2(http2Error, server)
            : exception switch
            {
                OperationCanceledException { InnerException: TimeoutException } => NoConnection(server),
                OperationCanceledException => (StatusCode.Cancelled, $"The transport cancelled the call to {server}"),
                HttpRequestException request => FromRequest(request, server),
                IOException => ConnectionLost(server),

                // Reset as soon as it was made; the transport tells what it hears of the socket.
                SocketException => NoConnection(server),
                _ => (StatusCode.Internal, $"The call to {server} could not be made"),
            };
        return new Status(code, $"{sentence}: {Cause(exception)}", exception);
    }

    // The outer exceptions of the transport say little more than to look at the inner one.
    private static string Cause(Exception exception) =>
        exception is OperationCanceledException { InnerException: TimeoutException timeout }
            ? timeout.Message
            : exception.GetBaseException().Message;

    private static (StatusCode Code, string Sentence) FromRequest(HttpRequestException exception, string server) =>
        exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError => NoConnection(server),
            HttpRequestError.ResponseEnded => ConnectionLost(server),

            // The server went before its first word on a new connection; often only the message tells.
            HttpRequestError.InvalidResponse or HttpRequestError.Unknown
                when exception.Message.Contains("HTTP/2 handshake", StringComparison.Ordinal) => ConnectionLost(server),
            HttpRequestError.ConfigurationLimitExceeded =>
                (StatusCode.ResourceExhausted, $"The headers of {server} are too large"),
            HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError
                or HttpRequestError.InvalidResponse =>
                (StatusCode.Internal, $"{server} does not speak HTTP/2 as gRPC needs it"),
            _ when exception.InnerException is IOException => ConnectionLost(server),
            _ => (StatusCode.Internal, $"The call to {server} could not be made"),
        };

    private static (StatusCode Code, string Sentence) FromHttp2(HttpProtocolException exception, string server)
    {
        // Only the message tells that a peer no longer answers pings, which is reported as a protocol error, and that
        // it was the connection that ended, of which the server had said that it takes no further calls.
        if ((exception.ErrorCode == ProtocolError
                && exception.Message.Contains("ping", StringComparison.OrdinalIgnoreCase))
            || (exception.ErrorCode == NoError
                && exception.Message.Contains("closed the connection", StringComparison.Ordinal)))
        {
            return ConnectionLost(server);
        }

        // The protocol's table from HTTP/2 error codes to statuses.
        var code = exception.ErrorCode switch
        {
            0x7 => StatusCode.Unavailable,
            0x8 => StatusCode.Cancelled,
            0xb => StatusCode.ResourceExhausted,
            0xc => StatusCode.PermissionDenied,
            _ => StatusCode.Internal,
        };
        return (code, $"{server} ended the call with HTTP/2 error {exception.ErrorCode}");
    }

    private static (StatusCode Code, string Sentence) NoConnection(string server) =>
        (StatusCode.Unavailable, $"No connection to {server}");

    private static (StatusCode Code, string Sentence) ConnectionLost(string server) =>
        (StatusCode.Unavailable, $"The connection to {server} was lost");

    private static HttpProtocolException? FindHttp2Error(Exception? exception)
    {
        while (exception is not null and not HttpProtocolException)
        {
            exception = exception.InnerException;
        }

        return (HttpProtocolException?)exception;
    }
}
