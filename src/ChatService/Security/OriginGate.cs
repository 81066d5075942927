namespace ChatGrpc.Security;

/// <summary>
/// Keeps pages of other origins out before their requests do anything: CORS alone only hides the answers from them.
/// </summary>
internal sealed class OriginGate(AccessOptions access, WriteRefusal write)
{
    private readonly HashSet<string> _origins = new(access.Origins, StringComparer.Ordinal);

    public Task PassAsync(HttpContext http, RequestDelegate next) =>
        IsAllowed(http.Request) ? next(http) : write(http, Refusal.OriginNotAllowed);

    // Programs send no origin; browsers cannot leave it out.
    private bool IsAllowed(HttpRequest request) =>
        request.Headers.Origin.Count == 0
        || (request.Headers.Origin is [{ } origin] && (_origins.Contains(origin) || IsOwn(request, origin)));

    private static bool IsOwn(HttpRequest request, string origin) =>
        origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
