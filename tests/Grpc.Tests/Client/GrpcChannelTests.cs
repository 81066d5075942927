using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Tests.V1;
using Xunit;
using static Grpc.Tests.Client.RawResponse;

namespace Grpc.Tests.Client;

public sealed class GrpcChannelTests
{
    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("/path")]
    [InlineData("ftp://localhost")]
    [InlineData("")]
    public void ForAddress_OfAnythingButHttp_Throws(string address)
    {
        Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress(address));
    }

    [Fact]
    public void Target_OfAChannel_IsTheAuthority()
    {
        using var channel = GrpcChannel.ForAddress("http://chat.example:5000");

        Assert.Equal("chat.example:5000", channel.Target);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Shutdown_OfAChannel_DisposesAGivenHandlerOnlyIfAsked(bool disposeHandler)
    {
        using var handler = new RecordingHandler();
        var channel = GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = disposeHandler });

        await channel.ShutdownAsync();
        channel.Dispose();

        Assert.Equal(disposeHandler, handler.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => channel.CreateCallInvoker());
    }

    [Fact]
    public async Task Call_OverTls_GetsItsAnswer()
    {
        using var certificate = SelfSigned();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString();
        await using var server = await RawServer.StartAsync(
            async context =>
            {
                await context.SendAsync(SayFrame(context.Request.Scheme));
                context.End(0);
            },
            new GrpcChannelOptions { HttpHandler = handler },
            certificate: certificate);

        var response = await server.Client.SayAsync(new SayRequest()).ResponseAsync.Soon();

        Assert.Equal("https", response.Text);
    }

    [Fact]
    public async Task Call_OverTlsWithAnUntrustedCertificate_IsUnavailable()
    {
        using var certificate = SelfSigned();
        await using var server = await RawServer.StartAsync(_ => Task.CompletedTask, certificate: certificate);

        var error = await server.Client.SayAsync(new SayRequest()).ResponseAsync.FailsSoon();

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("certificate", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithAResponseOverTheDefaultLimit_IsResourceExhaustedAndResetsTheStream()
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await RawServer.StartAsync(async context =>
        {
            await context.SendAsync([0, 0, 0x40, 0, 1]);
            await context.AbortedAsync();
            aborted.SetResult();
        });

        using var call = server.Client.Count(new CountRequest());
        var error = await call.ResponseStream.MoveNext().FailsSoon();

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        await aborted.Task.Soon();
    }

    [Fact]
    public async Task Call_WithoutALimit_TakesALargerResponse()
    {
        var text = new string('x', (4 << 20) + 1);
        await using var server = await RawServer.StartAsync(
            async context =>
            {
                await context.SendAsync(SayFrame(text));
                context.End(0);
            },
            new GrpcChannelOptions { MaxReceiveMessageSize = null });

        var response = await server.Client.SayAsync(new SayRequest()).ResponseAsync.Soon();

        Assert.Equal(text.Length, response.Text.Length);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private sealed class RecordingHandler : HttpMessageHandler
    {
        public bool IsDisposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
