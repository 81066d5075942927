using System.Net.Sockets;

namespace ChatGrpc.Providers.Wire;

/// <summary>
/// Tells a connection that is reset as soon as it is made as what it is, a request that failed. SocketsHttpHandler
/// tells what it hears of the socket (.NET 10), which nobody expects of it.
/// </summary>
internal sealed class ToldAsRequests(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException reset)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, reset.Message, reset);
        }
    }
}
