using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Tests.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Server.Kit;

/// <summary>
/// A real Kestrel with the echo service, and one raw HTTP/2 connection to it. Its end fails the test if the server
/// logged an error that the test did not announce.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Say = "/grpctests.v1.EchoService/Say";
    public const string Count = "/grpctests.v1.EchoService/Count";
    public const string Sum = "/grpctests.v1.EchoService/Sum";
    public const string Chat = "/grpctests.v1.EchoService/Chat";
    public const string Plant = "/grpctests.v1.TreeService/Plant";

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private int _expectedErrors;

    private TestServer(WebApplication app, LogRecorder log, ConcurrentQueue<string> connections)
    {
        _app = app;
        Log = log;
        Connections = connections;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    public LogRecorder Log { get; }

    /// <summary>Errors that Kestrel itself logs when it is attacked, so often as it likes.</summary>
    public Predicate<LogEntry> Tolerated { get; set; } = _ => false;

    /// <summary>The connection of each request so far.</summary>
    public ConcurrentQueue<string> Connections { get; }

    /// <summary>The address that takes HTTP/2 only.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>The address that takes HTTP/1.1 only.</summary>
    public Uri Http1Address => new(_app.Urls.Last());

    public static async Task<TestServer> StartAsync(
        EchoScript? script = null,
        Action<GrpcServiceOptions>? grpc = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? routes = null)
    {
        var log = new LogRecorder();
        var connections = new ConcurrentQueue<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(script ?? new EchoScript());
        services?.Invoke(builder.Services);
        builder.Services.AddGrpc(options => grpc?.Invoke(options));

        var app = builder.Build();
        app.Use((http, next) =>
        {
            connections.Enqueue(http.Connection.Id);
            return next(http);
        });
        app.MapGrpcService<ScriptedEchoService>();
        app.MapGrpcService<PlantingTreeService>();
        routes?.Invoke(app);
        await app.StartAsync().WithinLimit();
        return new TestServer(app, log, connections);
    }

    /// <summary>Announces one Error log and returns it once it is there.</summary>
    public LogEntry TakeError()
    {
        _expectedErrors++;
        return Log.Errors.ElementAt(_expectedErrors - 1);
    }

    public static HttpRequestMessage Request(
        string path, HttpContent body, params (string Name, string Value)[] headers)
    {
        body.Headers.ContentType ??= new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = body,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return request;
    }

    public async Task<WireAnswer> CallAsync(string path, byte[] body, params (string Name, string Value)[] headers) =>
        await SendAsync(Request(path, new ByteArrayContent(body), headers));

    public Task<WireAnswer> CallAsync(string path, IMessage message, params (string Name, string Value)[] headers) =>
        CallAsync(path, Frames.Of(message), headers);

    public async Task<WireAnswer> SendAsync(HttpRequestMessage request)
    {
        using var call = await OpenAsync(request);
        return await call.ReadRestAsync();
    }

    /// <summary>Sends a request and returns at the response headers.</summary>
    public Task<OpenCall> OpenAsync(HttpRequestMessage request) =>
        OpenCancellableAsync(request, CancellationToken.None);

    /// <summary>Sends a request and returns at the response headers; the token cancels it before that.</summary>
    public async Task<OpenCall> OpenCancellableAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await _http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .WithinLimit();
        return new OpenCall(response, await response.Content.ReadAsStreamAsync(cancellationToken));
    }

    /// <summary>A failed call must leave the connection fit for the next one.</summary>
    public async Task AssertNextCallWorksAsync()
    {
        var answer = await CallAsync(Plant, new PlantRequest());
        answer.AssertEnded(Grpc.Core.StatusCode.OK, trailersOnly: false);
        Assert.Single(Connections.Distinct());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync().WithinLimit();
        await _app.DisposeAsync();
        Assert.Equal(
            [],
            Log.Errors
                .Skip(_expectedErrors)
                .Where(error => !Tolerated(error))
                .Select(error => $"{error.Text} {error.Exception}"));
    }
}
