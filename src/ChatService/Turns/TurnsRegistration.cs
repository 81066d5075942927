using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

internal static class TurnsRegistration
{
    public static IServiceCollection AddTurns(this IServiceCollection services, TurnOptions options)
    {
        services.AddSingleton(Options.Create(options));
        services.AddSingleton<AgentScript>();
        services.AddSingleton<ToolStep>();
        services.AddSingleton<TurnRunner>();
        services.AddSingleton<StoreOutage>();
        services.AddSingleton<StoreWaiting>();
        services.AddSingleton<SettingAside>();
        services.AddSingleton<TurnFlusher>();
        services.AddSingleton<TurnRecovery>();
        services.AddSingleton<Incarnation>();
        services.AddSingleton<Orphans>();
        services.AddSingleton<TurnTakeover>();
        services.AddSingleton<TurnStart>();
        services.AddSingleton<StopSignals>();
        services.AddSingleton<SessionSignals>();
        services.AddSingleton<Drain>();
        services.AddSingleton<TurnRegistry>();
        services.AddSingleton<Admission>();
        services.AddSingleton<TurnFollower>();
        services.AddSingleton<TurnReading>();
        services.AddSingleton<TurnsElsewhere>();
        services.AddSingleton<DoubtedOpenings>();
        services.AddSingleton<TurnOpening>();
        services.AddSingleton<TurnCancelling>();
        services.AddSingleton<ResultTaking>();
        services.AddSingleton<SessionDeletion>();
        services.AddHostedService<TurnService>();
        services.AddHostedService<LogRetention>();
        services.AddHostedService<TakeoverWatch>();
        services.AddHostedService<WishTaking>();

        // Beyond the grace, for the last commits and for the server's connections.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainGrace + TimeSpan.FromSeconds(10));
        return services;
    }
}
