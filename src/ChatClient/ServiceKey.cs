using System.Net;

namespace ChatGrpc.Client;

/// <summary>The key that a service may want: --api-key, else CHAT_API_KEY.</summary>
internal static class ServiceKey
{
    public const string Variable = "CHAT_API_KEY";
    public const string CleartextOption = "--cleartext-key";

    /// <summary>Why the key cannot be sent; null: it can.</summary>
    public static string? Refusal(string key, Uri server, bool cleartextAllowed)
    {
        // A header takes no other characters, and no key has them; it is not shown, since it may be a key all the same.
        if (key.Any(character => character is <= ' ' or > '~'))
        {
            return $"The key has characters that no key has: check --api-key or ${Variable}.";
        }

        return key.Length == 0 || server.Scheme == Uri.UriSchemeHttps
            || cleartextAllowed || IsThisMachine(server)
            ? null
            : $"The key would travel readable to {server.GetLeftPart(UriPartial.Authority)}: use https://, or "
                + $"{CleartextOption} if nobody can listen on the way.";
    }

    private static bool IsThisMachine(Uri server) =>
        server.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || server.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(server.Host, out var ip) && IPAddress.IsLoopback(ip));
}
