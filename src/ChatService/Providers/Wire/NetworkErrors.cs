using System.Net.Sockets;
using System.Security.Authentication;

namespace ChatGrpc.Providers.Wire;

/// <summary>Says what went wrong on the way to a provider, in a sentence that a person can act on.</summary>
internal static class NetworkErrors
{
    /// <summary>No answer came at all.</summary>
    /// <param name="host">Host and port, never the whole URL.</param>
    public static string Unreachable(string host, HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError =>
            $"The host name of {host} is not known: check the base URL and the DNS.",
        HttpRequestError.SecureConnectionError when exception.InnerException is AuthenticationException =>
            $"{host} offers no TLS that this service trusts: check the certificate, and https in the base URL.",
        HttpRequestError.SecureConnectionError =>
            $"{host} does not speak TLS as expected: check https in the base URL.",
        HttpRequestError.ProxyTunnelError =>
            $"The HTTP proxy does not let this service through to {host}.",
        HttpRequestError.ConnectionError when IsRefused(exception) =>
            $"{host} refuses connections: is it running, and is the port right?",
        HttpRequestError.ConnectionError =>
            $"No connection to {host} ({Socket(exception) ?? SocketError.SocketError}).",
        HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError =>
            $"{host} does not answer in HTTP: check the base URL's port and scheme.",
        _ => $"{host} broke the connection before it answered.",
    };

    public static string BrokeBeforeText(string host) => $"{host} broke the connection before the answer began.";

    public static string BrokeInText(string host) => $"{host} broke the connection in the middle of the answer.";

    /// <summary>The host is there, but nobody listens on the port.</summary>
    public static bool IsRefused(HttpRequestException exception) =>
        Socket(exception) == SocketError.ConnectionRefused;

    private static SocketError? Socket(Exception? exception)
    {
        while (exception is not null and not SocketException)
        {
            exception = exception.InnerException;
        }

        return (exception as SocketException)?.SocketErrorCode;
    }
}
