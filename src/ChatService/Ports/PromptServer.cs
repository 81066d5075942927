using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace ChatGrpc.Ports;

/// <summary>
/// The server, whose connections have a moment to end when it stops, and no longer. By then every turn has ended and
/// is saved: a client that does not read its last events, or does not hang up, would hold up the stop for nothing
/// until the host loses patience.
/// </summary>
internal sealed class PromptServer(IServer server, TimeProvider time) : IServer
{
    // A client that reads has the last events and the good-bye of HTTP/2 in milliseconds; on a bad line in a second.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(3);

    public IFeatureCollection Features => server.Features;

    public Task StartAsync<TContext>(
        IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull =>
        server.StartAsync(application, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestFarewell, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        await server.StopAsync(either.Token);
    }

    public void Dispose() => server.Dispose();

    /// <summary>Puts itself before the server that is registered.</summary>
    public static void Wrap(IServiceCollection services)
    {
        var registered = services.Single(service => service.ServiceType == typeof(IServer));
        _ = services.Remove(registered);
        _ = services.AddSingleton<IServer>(provider => new PromptServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!),
            provider.GetRequiredService<TimeProvider>()));
    }
}
