using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ChatGrpc.Ports;
using ChatGrpc.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatService.Tests.Ports;

public sealed class OnePortTests
{
    [Theory]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("2.0", "HTTP/2")]
    public async Task Cleartext_EitherVersion_IsServedOnTheSamePort(string version, string protocol)
    {
        await using var server = await StartAsync();
        using var http = Client(Version.Parse(version));

        Assert.Equal(protocol, await http.GetStringAsync(AddressOf(server)).InTime());
    }

    [Fact]
    public async Task Preface_OneByteAtATime_IsStillHttp2()
    {
        await using var server = await StartAsync();
        await using var stream = await ConnectAsync(server);

        foreach (var single in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray())
        {
            await stream.WriteAsync(new[] { single }.AsMemory()).InTime();
        }

        // An empty SETTINGS frame; the server's own begins with its length, the type 4 and no flags.
        await stream.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }.AsMemory()).InTime();
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer).InTime();
        Assert.Equal((4, 0), (answer[3], answer[4]));
    }

    [Theory]
    [InlineData("G", "ET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("PRI", " / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("", "GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task Http11_InTwoPieces_IsServed(string first, string second)
    {
        await using var server = await StartAsync();
        await using var stream = await ConnectAsync(server);

        await stream.WriteAsync(Encoding.ASCII.GetBytes(first).AsMemory()).InTime();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(second).AsMemory()).InTime();

        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 ", await reader.ReadLineAsync().InTime(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SilentConnections_DoNotKeepOthersWaiting()
    {
        await using var server = await StartAsync();
        var silent = new List<NetworkStream>();
        for (var i = 0; i < 50; i++)
        {
            silent.Add(await ConnectAsync(server));
        }

        using var http = Client(HttpVersion.Version20);
        Assert.Equal("HTTP/2", await http.GetStringAsync(AddressOf(server)).InTime());
        silent.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task HalfAPreface_AfterItsPatience_IsLeftToHttp11()
    {
        var clock = new ManualTimeProvider();
        await using var server = await StartAsync(clock: clock);
        await using var stream = await ConnectAsync(server);
        await stream.WriteAsync("PRI"u8.ToArray().AsMemory()).InTime();

        // The timer is armed when the connection is accepted, some time after it is made.
        SpinWait.SpinUntil(() => clock.UntilNextTimer is not null, WaitLimit.Default);
        clock.Advance(TimeSpan.FromSeconds(10));
        await stream.WriteAsync(" / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray().AsMemory()).InTime();

        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 ", await reader.ReadLineAsync().InTime(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_ByOrdinaryConfiguration_NegotiatesHttp2()
    {
        using var folder = new TemporaryFolder();
        var certificate = Path.Combine(folder.Path, "server.pfx");
        using var selfSigned = SelfSigned();
        await File.WriteAllBytesAsync(certificate, selfSigned.Export(X509ContentType.Pfx));
        await using var server = await StartAsync(
            "https://127.0.0.1:0", settings: [$"--Kestrel:Certificates:Default:Path={certificate}"]);

        using var http = Client(HttpVersion.Version20, selfSigned.GetCertHashString());

        Assert.Equal("HTTP/2", await http.GetStringAsync(AddressOf(server)).InTime());
    }

    [Fact]
    public async Task Protocols_SetToBoth_AreBoth()
    {
        await using var server = await StartAsync(settings:
            ["--Kestrel:Endpoints:Chat:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Chat:Protocols=Http1AndHttp2"]);
        using var http = Client(HttpVersion.Version20);

        Assert.Equal("HTTP/2", await http.GetStringAsync(AddressOf(server)).InTime());
    }

    // Through the door a client would get past the certificate that the port asks for.
    [Theory]
    [InlineData("--urls=https://127.0.0.1:0")]
    [InlineData("--Kestrel:Endpoints:Chat:Url=https://127.0.0.1:0")]
    [InlineData("--Kestrel:Endpoints:Chat:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:Chat:Protocols=Http1")]
    [InlineData("--Kestrel:Endpoints:Chat:Url=http://127.0.0.1:0", "--Kestrel:EndpointDefaults:Protocols=Http1")]
    public async Task Cleartext_OnAPortThatIsNotForIt_IsNoHttp2(params string[] settings)
    {
        using var folder = new TemporaryFolder();
        var certificate = Path.Combine(folder.Path, "server.pfx");
        using var selfSigned = SelfSigned();
        await File.WriteAllBytesAsync(certificate, selfSigned.Export(X509ContentType.Pfx));
        await using var server = await StartAsync(
            settings: [.. settings, $"--Kestrel:Certificates:Default:Path={certificate}"]);
        await using var stream = await ConnectAsync(server);

        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray().AsMemory()).InTime();
        await stream.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }.AsMemory()).InTime();

        var answer = new byte[9];
        var read = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false).AsTask().InTime();
        Assert.False(read == answer.Length && answer[3] == 4, "The server began to speak HTTP/2.");
    }

    [Fact]
    public async Task EndpointsInKestrelsOwnSection_ReplaceTheAddresses()
    {
        await using var server = await StartAsync(
            "http://127.0.0.1:1", settings: ["--Kestrel:Endpoints:Chat:Url=http://127.0.0.1:0"]);

        using var http = Client(HttpVersion.Version20);

        Assert.Equal("HTTP/2", await http.GetStringAsync(AddressOf(server)).InTime());
    }

    [Fact]
    public async Task Stop_WithOpenConnections_EndsBothSides()
    {
        var server = await StartAsync();
        using var first = Client(HttpVersion.Version11);
        using var second = Client(HttpVersion.Version20);
        _ = await first.GetStringAsync(AddressOf(server)).InTime();
        _ = await second.GetStringAsync(AddressOf(server)).InTime();
        await using var silent = await ConnectAsync(server);

        await server.StopAsync().InTime();
        await server.DisposeAsync();
    }

    private static async Task<WebApplication> StartAsync(
        string url = "http://127.0.0.1:0", string[]? settings = null, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder([$"--urls={url}", .. settings ?? []]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.UseOnePort(new ListenScope(LoopbackOnly: true));
        var server = builder.Build();
        server.MapGet("/", (HttpContext context) => context.Request.Protocol);
        await server.StartAsync().InTime();
        return server;
    }

    // The door has no address of its own, and shows among them.
    private static string AddressOf(WebApplication server) =>
        server.Urls.Single(url => url.Contains("127.0.0.1", StringComparison.Ordinal));

    private static HttpClient Client(Version version, string? thumbprint = null) => new(
        new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint,
            },
        })
    {
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static async Task<NetworkStream> ConnectAsync(WebApplication server)
    {
        var url = new Uri(AddressOf(server));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port).InTime();
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
