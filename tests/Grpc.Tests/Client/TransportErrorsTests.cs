using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client.Calls;
using Xunit;

namespace Grpc.Tests.Client;

/// <summary>The failures that a test cannot bring about quickly, as the transport reports them.</summary>
public sealed class TransportErrorsTests
{
    private static readonly Uri Address = new("http://chat.example:5000/ignored");

    [Theory]
    [InlineData(0x0, StatusCode.Internal)]
    [InlineData(0x1, StatusCode.Internal)]
    [InlineData(0x7, StatusCode.Unavailable)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    [InlineData(0xd, StatusCode.Internal)]
    public void ToStatus_OfAnHttp2Error_FollowsTheTable(long http2Error, StatusCode expected)
    {
        var reset = new HttpProtocolException(http2Error, "reset", null);

        Assert.Equal(expected, TransportErrors.ToStatus(new HttpRequestException("failed", reset), Address).StatusCode);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, StatusCode.Unavailable)]
    [InlineData(HttpRequestError.ConnectionError, StatusCode.Unavailable)]
    [InlineData(HttpRequestError.SecureConnectionError, StatusCode.Unavailable)]
    [InlineData(HttpRequestError.ProxyTunnelError, StatusCode.Unavailable)]
    [InlineData(HttpRequestError.ResponseEnded, StatusCode.Unavailable)]
    [InlineData(HttpRequestError.VersionNegotiationError, StatusCode.Internal)]
    [InlineData(HttpRequestError.InvalidResponse, StatusCode.Internal)]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded, StatusCode.ResourceExhausted)]
    [InlineData(HttpRequestError.Unknown, StatusCode.Internal)]
    public void ToStatus_OfAFailedRequest_TellsWhetherARetryMayHelp(HttpRequestError kind, StatusCode expected)
    {
        var status = TransportErrors.ToStatus(new HttpRequestException(kind, "why"), Address);

        Assert.Equal(expected, status.StatusCode);
        Assert.Contains("http://chat.example:5000", status.Detail, StringComparison.Ordinal);
        Assert.EndsWith(": why", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ToStatus_OfAnUnansweredPing_IsALostConnection()
    {
        var ping = new HttpProtocolException(1, "The HTTP/2 server didn't respond to a ping request in time.", null);

        Assert.Equal(StatusCode.Unavailable, TransportErrors.ToStatus(ping, Address).StatusCode);
    }

    [Fact]
    public void ToStatus_OfAConnectTimeout_IsUnavailableAndSaysSo()
    {
        var timeout = new TaskCanceledException(
            "canceled", new TimeoutException("Not connected in time.", new TaskCanceledException("canceled")));

        var status = TransportErrors.ToStatus(timeout, Address);

        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
        Assert.Equal("No connection to http://chat.example:5000: Not connected in time.", status.Detail);
    }

    [Fact]
    public void ToStatus_OfABrokenConnection_NamesTheInnermostCause()
    {
        var socket = new SocketException((int)SocketError.ConnectionReset);

        var status = TransportErrors.ToStatus(
            new HttpRequestException("see inside", new IOException("see inside", socket)), Address);

        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
        Assert.EndsWith(socket.Message, status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ToStatus_OfACancelByTheTransport_IsCancelled()
    {
        Assert.Equal(
            StatusCode.Cancelled, TransportErrors.ToStatus(new OperationCanceledException(), Address).StatusCode);
    }
}
