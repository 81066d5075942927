using ChatGrpc.Endpoints;
using ChatGrpc.Hosting;
using ChatGrpc.Ports;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

// A gateway puts all its users on one connection; Kestrel's own 100 would make the next one wait, cancels included.
const int StreamsPerConnection = 1_000;

// The largest message that a caller may send: an image of 10 MiB, and a few smaller parts beside it.
const int MaxRequestBytes = 16 * 1024 * 1024;

try
{
    var builder = WebApplication.CreateSlimBuilder(args);
    builder.Configuration.AddServiceDefaults();
    var settings = ChatSettings.Load(builder.Configuration);

    builder.UseOnePort();
    builder.WebHost.ConfigureKestrel(
        kestrel => kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection);
    builder.Services.AddSingleton(TimeProvider.System);
    await builder.Services.AddModelsAsync(builder.Configuration, settings.Models, TimeProvider.System);
    builder.Services.AddStorage(settings.Storage);
    builder.Services.AddTurns(settings.Turns);
    builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = MaxRequestBytes);
    builder.Services.AddGrpcReflection();

    await using var app = builder.Build();
    app.MapGrpcService<ChatEndpoint>();
    app.MapGrpcService<ModelEndpoint>();
    app.MapGrpcService<SessionEndpoint>();
    app.MapGrpcService<HealthEndpoint>();
    app.MapGrpcReflectionService();
    await app.RunAsync();
    return 0;
}
catch (Exception failure) when (StartupFailure.Describe(failure) is not null)
{
    await Console.Error.WriteLineAsync(StartupFailure.Describe(failure));
    return 1;
}
