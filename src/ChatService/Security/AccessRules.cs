namespace ChatGrpc.Security;

/// <summary>What the settings of <see cref="AccessOptions"/> have to look like.</summary>
internal static class AccessRules
{
    /// <summary>The settings that are wrong, each in a sentence; keys are <see cref="KeyRing"/>'s.</summary>
    public static IEnumerable<string> Violations(AccessOptions access)
    {
        if (access.AllowAnonymous && !access.IsOpen)
        {
            yield return "Chat:AllowAnonymous is true and Chat:Keys has keys, which nobody would need: remove one of "
                + "the two.";
        }

        for (var i = 0; i < access.Hosts.Count; i++)
        {
            if (!IsHost(access.Hosts[i]))
            {
                yield return $"Chat:Hosts:{i} is {access.Hosts[i]}; it must be a host name or an IP address alone, "
                    + "such as chat.example.";
            }
        }

        for (var i = 0; i < access.Origins.Count; i++)
        {
            if (access.Origins[i] == "*")
            {
                yield return $"Chat:Origins:{i} is *, which would let every page in: name each origin, such as "
                    + "https://chat.example.";
            }
            else if (!IsOrigin(access.Origins[i]))
            {
                yield return $"Chat:Origins:{i} is {access.Origins[i]}; it must be an origin as browsers send it, "
                    + "scheme://host[:port] in lower case with nothing behind, such as https://chat.example.";
            }
        }
    }

    private static bool IsHost(string host) =>
        Uri.CheckHostName(host) is not UriHostNameType.Unknown
        && host is not [.., '.']
        && host.StartsWith('[') == host.EndsWith(']');

    // What a browser sends is what the URL's own origin comes to: no default port, no capital, no path.
    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Host.Length > 0
        && uri.GetLeftPart(UriPartial.Authority) == origin
        && uri.UserInfo.Length == 0;
}
