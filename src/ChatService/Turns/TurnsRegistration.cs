using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

internal static class TurnsRegistration
{
    public static IServiceCollection AddTurns(this IServiceCollection services, TurnOptions options)
    {
        services.AddSingleton(Options.Create(options));
        services.AddSingleton<AgentScript>();
        services.AddSingleton<TurnRunner>();
        services.AddSingleton<TurnFlusher>();
        services.AddSingleton<TurnRecovery>();
        services.AddSingleton<TurnRegistry>();
        services.AddSingleton<SessionDeletion>();
        services.AddHostedService<TurnService>();
        return services;
    }
}
