using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class TransportErrorTests
{
    [Fact]
    public async Task Connection_Refused_IsUnavailableAndNamesTheAddress()
    {
        var address = $"http://127.0.0.1:{ClosedPort()}";
        using var channel = GrpcChannel.ForAddress(address);

        using var call = new EchoService.EchoServiceClient(channel).SayAsync(new SayRequest());
        var error = await call.ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains(address, error.Status.Detail, StringComparison.Ordinal);
        Assert.IsType<HttpRequestException>(error.InnerException);
    }

    [Fact]
    public async Task Connection_ResetAsSoonAsItIsMade_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                var other = await listener.AcceptSocketAsync(cancellationToken);
                other.Close(timeout: 0);
                Assert.True(socket.Poll(Waiting.Limit, SelectMode.SelectRead));
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var channel = GrpcChannel.ForAddress(
            $"http://{listener.LocalEndpoint}", new GrpcChannelOptions { HttpHandler = handler });

        using var call = new EchoService.EchoServiceClient(channel).SayAsync(new SayRequest());

        Assert.Equal(StatusCode.Unavailable, (await call.ResponseAsync.FailsSoon()).StatusCode);
    }

    [Theory]
    [InlineData(0x2, StatusCode.Internal)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    public async Task Reset_InTheMiddleOfAStream_FollowsTheTable(int http2Error, StatusCode expected)
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(CountFrame(0));
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(http2Error);
        });

        using var call = server.Client.Count(new CountRequest());
        var error = await ReadToEndAsync(call).FailsSoon();

        Assert.Equal(expected, error.StatusCode);
    }

    [Fact]
    public async Task Connection_LostInTheMiddleOfAStream_IsUnavailable()
    {
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync(CountFrame(0));
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
        });

        using var call = server.Client.Count(new CountRequest());
        var error = await ReadToEndAsync(call).FailsSoon();

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains(server.Address, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_EndedAfterTheServerSaidThatItTakesNoMoreCalls_IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = GrpcChannel.ForAddress($"http://{listener.LocalEndpoint}");
        using var call = new EchoService.EchoServiceClient(channel).SayAsync(new SayRequest());
        using var connection = await listener.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        await ReadToCallAsync(stream);

        // SETTINGS, GOAWAY with NO_ERROR for all calls after the last possible one, and the end.
        await stream.WriteAsync(Convert.FromHexString("000000040000000000" + "0000080700000000007FFFFFFF00000000"));
        connection.Client.Shutdown(SocketShutdown.Send);
        var error = await call.ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("NO_ERROR", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_LostBeforeTheServersFirstWord_IsUnavailable(bool reset)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var channel = GrpcChannel.ForAddress($"http://{listener.LocalEndpoint}");
        using var call = new EchoService.EchoServiceClient(channel).SayAsync(new SayRequest());
        using (var connection = await listener.AcceptSocketAsync())
        {
            // Read what is sent first: closing with bytes unread would be a reset in either case.
            _ = await connection.ReceiveAsync(new byte[1_000]);
            connection.LingerState = new LingerOption(enable: reset, seconds: 0);
        }

        var error = await call.ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task Server_OfHttp1Only_FailsAtOnce()
    {
        await using var server = await RawServer.StartAsync(_ => Task.CompletedTask, protocols: HttpProtocols.Http1);

        using var call = server.Client.SayAsync(new SayRequest());
        var error = await call.ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Contains(server.Address, error.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task ReadToEndAsync(AsyncServerStreamingCall<CountResponse> call)
    {
        while (await call.ResponseStream.MoveNext())
        {
        }
    }

    // The client's preface, and frames up to the HEADERS of its call.
    private static async Task ReadToCallAsync(NetworkStream stream)
    {
        const int headers = 1;
        await stream.ReadExactlyAsync(new byte[24]);
        var frame = new byte[9];
        do
        {
            await stream.ReadExactlyAsync(frame);
            await stream.ReadExactlyAsync(new byte[(frame[0] << 16) | (frame[1] << 8) | frame[2]]);
        }
        while (frame[3] != headers);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
