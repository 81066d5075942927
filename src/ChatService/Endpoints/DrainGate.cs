using ChatGrpc.Turns;
using Microsoft.AspNetCore.Connections.Features;

namespace ChatGrpc.Endpoints;

/// <summary>
/// While the service stops, the connection of each call takes no further one: what is streamed on it comes to its end,
/// and the client's next call goes by a new connection, to a process that takes it. Else a client would be refused for
/// as long as this one still has answers to end.
/// </summary>
internal static class DrainGate
{
    public static void UseDrainGate(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use((http, next) =>
        {
            if (drain.HasBegun)
            {
                http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }

            return next(http);
        });
    }
}
