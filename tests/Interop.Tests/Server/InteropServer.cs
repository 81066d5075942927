using System.Collections.Concurrent;
using ChatGrpc.Ports;
using ChatGrpc.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Interop.Tests.Server;

/// <summary>
/// Our gRPC stack on a real Kestrel, with both versions of HTTP on one port as in the service. Its end fails the test
/// if it logged an error: no client, whatever it does, is an error of the server.
/// </summary>
internal sealed class InteropServer : IAsyncDisposable
{
    // As in the service: a hundred streams and the calls that open their gates share a connection.
    private const int StreamsPerConnection = 1_000;

    // What a page of another origin may read of an answer: all that gRPC-Web has beside the body, and our metadata.
    private static readonly string[] ExposedHeaders =
    [
        "Grpc-Status", "Grpc-Message", "Grpc-Encoding", "Grpc-Accept-Encoding", "Grpc-Status-Details-Bin",
        "Interop-Text", "Interop-Bytes-Bin", "Interop-Empty-Bin", "Interop-Twice", "Interop-Twice-Bin",
    ];

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _allowedOrigins;
    private readonly ErrorLog _errors;

    private InteropServer(WebApplication app, ConcurrentDictionary<string, bool> allowedOrigins, ErrorLog errors)
    {
        _app = app;
        _allowedOrigins = allowedOrigins;
        _errors = errors;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri(addresses.Single(address => address.Contains("127.0.0.1", StringComparison.Ordinal)));
    }

    public Uri Address { get; }

    /// <summary>The calls of Script, for a test that opens their gates itself.</summary>
    public ScriptedCalls Calls => _app.Services.GetRequiredService<ScriptedCalls>();

    public static async Task<InteropServer> StartAsync()
    {
        var errors = new ErrorLog();
        var allowedOrigins = new ConcurrentDictionary<string, bool>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.UseOnePort(new ListenScope(LoopbackOnly: true));
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ScriptedCalls>();
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(allowedOrigins.ContainsKey)
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders(ExposedHeaders)));
        builder.Services.AddGrpc();
        builder.Services.AddGrpcReflection();

        var app = builder.Build();
        app.UseCors();
        app.MapGrpcService<InteropService>();
        app.MapGrpcReflectionService();
        await app.StartAsync().InTime();
        return new InteropServer(app, allowedOrigins, errors);
    }

    /// <summary>Lets pages of this origin call.</summary>
    public void Allow(string origin) => _allowedOrigins[origin] = true;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().InTime();
        await _app.DisposeAsync();
        Assert.Equal([], _errors.Lines);
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
