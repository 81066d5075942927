using ChatGrpc.Conversations;
using ChatGrpc.Endpoints;
using ChatGrpc.Hosting;
using ChatGrpc.Page;
using ChatGrpc.Ports;
using ChatGrpc.Providers;
using ChatGrpc.Security;
using ChatGrpc.Storage;
using ChatGrpc.Tools;
using ChatGrpc.Turns;
using ChatGrpc.Watching;
using Grpc.AspNetCore.Server;

// A gateway puts all its users on one connection; Kestrel's own 100 would make the next one wait, cancels included. A
// thousand answers at once, and room for the short calls among them.
const int StreamsPerConnection = 1_100;

// The largest message that a caller may send: an image of 10 MiB, and a few smaller parts beside it.
const int MaxRequestBytes = 16 * 1024 * 1024;

// Health is open to whoever reaches the port, and asks for the name of a service at most.
const int MaxHealthRequestBytes = 4 * 1024;

try
{
    if (args is [MigrateCommand.Name, .. var options])
    {
        return await MigrateCommand.RunAsync(options, Console.Out);
    }

    if (CommandLine.TryRun(args, Console.Out))
    {
        return 0;
    }

    var builder = WebApplication.CreateSlimBuilder(args);
    builder.Configuration.AddServiceDefaults();
    var settings = ChatSettings.Load(builder.Configuration);

    builder.UseOnePort(new ListenScope(LoopbackOnly: settings.Access.IsForThisMachineOnly));
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;

        // Kestrel would end the whole connection for one stream that is not read; a call has its own limit for that.
        kestrel.Limits.MinResponseDataRate = null;
    });
    builder.Services.AddSingleton(TimeProvider.System);
    await builder.Services.AddModelsAsync(
        builder.Configuration, settings.Models, settings.Resilience, settings.Turns.ToPatience(),
        TimeProvider.System);
    builder.Services.AddSecurity(settings.Access, Refusals.WriteAsync);
    builder.Services.AddStorage(settings.Storage, builder.Configuration);
    builder.Services.AddTools(settings.Tools);
    builder.Services.AddTurns(settings.Turns);
    builder.Services.AddWatching();
    builder.Services.AddConversations();
    builder.Services.AddGrpc(options =>
    {
        options.MaxReceiveMessageSize = MaxRequestBytes;
        options.ResponseCompressionAlgorithm = "gzip";
        options.EnableDetailedErrors = builder.Environment.IsDevelopment();
    }).AddServiceOptions<HealthEndpoint>(options => options.MaxReceiveMessageSize = MaxHealthRequestBytes);
    builder.Services.AddGrpcReflection();

    await using var app = builder.Build();
    app.UseSecurity();
    app.UseStartGate();
    app.MapGrpcService<HealthEndpoint>();
    app.MapChatPage();

    // What is mapped here needs a key, where there are keys.
    var calls = app.MapGroup("").RequireAuthorization();
    calls.MapGrpcService<ChatEndpoint>().NeedsStore();
    calls.MapGrpcService<ModelEndpoint>();
    calls.MapGrpcService<SessionEndpoint>().NeedsStore();
    calls.MapGrpcService<ToolEndpoint>();
    calls.MapGrpcReflectionService();
    var start = app.Services.GetRequiredService<TurnStart>();
    await app.RunAsync();
    return start.Failure is { } failure ? throw failure : Environment.ExitCode;
}
catch (Exception failure) when (StartupFailure.Describe(failure) is not null)
{
    await Console.Error.WriteLineAsync(StartupFailure.Describe(failure));
    return 1;
}
