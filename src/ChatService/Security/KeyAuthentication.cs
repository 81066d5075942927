using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace ChatGrpc.Security;

/// <summary>
/// Tells by a request's key who calls; without keys everybody is the same caller. It is the plain interface: the
/// framework's base class brings data protection along, which would write keys of its own into the user's home.
/// </summary>
internal sealed class KeyAuthentication(KeyRing keys, WriteRefusal write) : IAuthenticationHandler
{
    public const string SchemeName = "Key";

    // Who calls is the caller; the framework's ticket only says that there is one.
    private static readonly AuthenticateResult Authenticated = AuthenticateResult.Success(
        new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(SchemeName)), SchemeName));

    private HttpContext _http = null!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _http = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        if (Find(out _) is not { } caller)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        _http.Features.Set(caller);
        return Task.FromResult(Authenticated);
    }

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        Find(out var refusal);
        return write(_http, refusal ?? Refusal.CredentialsRefused);
    }

    public Task ForbidAsync(AuthenticationProperties? properties) => ChallengeAsync(properties);

    private Caller? Find(out Refusal? refusal)
    {
        refusal = null;
        return keys.IsOpen ? Caller.Local
            : Credentials.Read(_http.Request.Headers, out refusal) is { } key ? keys.Find(key)
            : null;
    }
}
