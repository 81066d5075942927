namespace ChatGrpc.Turns;

internal static class TurnsRegistration
{
    public static IServiceCollection AddTurns(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TurnOptions>().Bind(configuration.GetSection("Chat:Turns"));
        services.AddSingleton<AgentScript>();
        services.AddSingleton<TurnRunner>();
        services.AddSingleton<TurnFlusher>();
        services.AddSingleton<TurnRecovery>();
        services.AddSingleton<TurnRegistry>();
        services.AddHostedService<TurnService>();
        return services;
    }
}
