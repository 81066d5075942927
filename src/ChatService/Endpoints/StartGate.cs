using ChatGrpc.Security;
using ChatGrpc.Turns;

namespace ChatGrpc.Endpoints;

/// <summary>
/// Lets no call through that needs the store before the store is there and what an earlier process left has been ended:
/// else a turn could be read, or watched, as what it is not.
/// </summary>
internal static class StartGate
{
    /// <summary>What is mapped here needs the store.</summary>
    public static TBuilder NeedsStore<TBuilder>(this TBuilder mapped)
        where TBuilder : IEndpointConventionBuilder => mapped.WithMetadata(new Mark());

    public static void UseStartGate(this WebApplication app)
    {
        var start = app.Services.GetRequiredService<TurnStart>();
        app.Use((http, next) => start.Refusal is { } failure && http.GetEndpoint()?.Metadata.GetMetadata<Mark>() != null
            ? Refusals.WriteAsync(http, new Refusal(failure, StatusCodes.Status503ServiceUnavailable))
            : next(http));
    }

    private sealed class Mark;
}
