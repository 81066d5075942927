using Microsoft.Extensions.Primitives;

namespace ChatGrpc.Security;

/// <summary>Finds the key that a request brings: exactly one, well-formed.</summary>
internal static class Credentials
{
    public const string KeyHeader = "x-api-key";

    private const string Scheme = "Bearer ";

    /// <summary>Null: there is none to use; the refusal says why.</summary>
    public static string? Read(IHeaderDictionary headers, out Refusal? refusal)
    {
        var bearers = headers.Authorization;
        var keys = headers[KeyHeader];
        refusal = bearers.Count + keys.Count == 0 ? Refusal.CredentialsMissing
            : bearers.Count + keys.Count > 1 || IsSeveral(bearers) || IsSeveral(keys) ? Refusal.CredentialsAmbiguous
            : null;
        if (refusal is not null)
        {
            return null;
        }

        var key = keys.Count == 0 ? Bearer(bearers) : keys[0];
        refusal = ApiKey.IsWellFormed(key) ? null : Refusal.CredentialsMalformed;
        return refusal is null ? key : null;
    }

    // What is between may have joined two headers with a comma, which no key has.
    private static bool IsSeveral(StringValues values) => values.ToString().Contains(',', StringComparison.Ordinal);

    // RFC 9110: the scheme's name has no case, and one space or more follow it.
    private static string? Bearer(StringValues authorization) =>
        authorization is [{ } text] && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? text[Scheme.Length..].Trim(' ')
            : null;
}
