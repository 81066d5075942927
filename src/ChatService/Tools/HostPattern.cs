namespace ChatGrpc.Tools;

/// <summary>A host that may be fetched from, or all below a name.</summary>
/// <param name="Name">In the form of Uri.IdnHost.</param>
/// <param name="Below">Not the name itself, but those that end in it.</param>
/// <param name="Port">Null: the scheme's own.</param>
internal sealed record HostPattern(string Name, bool Below, int? Port)
{
    private const string Wildcard = "*.";

    /// <summary>Null: it is none.</summary>
    public static HostPattern? Parse(string text)
    {
        var below = text.StartsWith(Wildcard, StringComparison.Ordinal);
        var authority = below ? text[Wildcard.Length..] : text;

        // Whatever a URL makes of the name is what it is compared with: case, international names, forms of addresses.
        if (!Uri.TryCreate($"http://{authority}", UriKind.Absolute, out var url)
            || url.PathAndQuery != "/" || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            || authority.EndsWith('/') || authority.Contains('*', StringComparison.Ordinal))
        {
            return null;
        }

        var hasPort = authority.LastIndexOf(':') > authority.LastIndexOf(']');
        return below && url.HostNameType != UriHostNameType.Dns
            ? null
            : new HostPattern(url.IdnHost, below, hasPort ? url.Port : null);
    }

    public bool Takes(Uri url) =>
        (Port is { } port ? url.Port == port : url.IsDefaultPort)
        && (Below
            ? url.IdnHost.EndsWith($".{Name}", StringComparison.OrdinalIgnoreCase)
            : url.IdnHost.Equals(Name, StringComparison.OrdinalIgnoreCase));
}
