namespace ChatGrpc.Watching;

internal static class WatchingRegistration
{
    public static IServiceCollection AddWatching(this IServiceCollection services) =>
        services.AddSingleton<SessionFollower>().AddSingleton<SessionWatching>();
}
