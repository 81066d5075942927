using System.Net;
using System.Net.Sockets;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Wire;

public sealed class ToldAsRequestsTests
{
    [Fact]
    public async Task Send_ConnectionIsResetAsSoonAsItIsMade_IsARequestThatFailed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new HttpMessageInvoker(new ToldAsRequests(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                var provider = await listener.AcceptSocketAsync(cancellationToken);
                provider.Close(timeout: 0);
                Assert.True(socket.Poll(WaitLimit.Default, SelectMode.SelectRead));
                return new NetworkStream(socket, ownsSocket: true);
            },
        }));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{listener.LocalEndpoint}");

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => http.SendAsync(request, TestContext.Current.CancellationToken).InTime());

        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
        Assert.IsType<SocketException>(failure.InnerException);
    }
}
