using System.Net;
using System.Net.Sockets;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Ollama;

/// <summary>An Ollama server. Not a record, because that would print the key wherever it is logged.</summary>
internal sealed class OllamaOptions
{
    private const int DefaultPort = 11434;

    /// <summary>What stands before /api, without a slash at its end.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Null: none is sent, as to a server of one's own. Ollama's cloud wants one.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Host and port, for messages.</summary>
    public string Host => BaseUrl.Authority;

    public Uri ChatUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/api/chat");

    /// <summary>Where the models are listed that were pulled.</summary>
    public Uri TagsUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/api/tags");

    /// <summary>
    /// Reads what Ollama's own tools take as OLLAMA_HOST: a host, host:port, :port, or a URL. Without a scheme the port
    /// is 11434 if none is given, with one it is that of the scheme. The address that a server listens on everywhere
    /// with is asked as the loopback.
    /// </summary>
    /// <param name="setting">Where the host was set, for the message.</param>
    /// <exception cref="StartupException">It is none of these.</exception>
    public static Uri BaseUrlOf(string setting, string host)
    {
        var value = host.Trim().Trim('"', '\'').Trim();
        var (scheme, rest) = value.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end
            ? (value[..end].ToLowerInvariant(), value[(end + 3)..])
            : ("", value);
        if (scheme is not ("" or "http" or "https"))
        {
            throw Wrong(setting);
        }

        var (authority, path) = rest.IndexOf('/') is >= 0 and var slash
            ? (rest[..slash], rest[slash..].TrimEnd('/'))
            : (rest, "");
        if (authority.AsSpan().ContainsAny('@', '?', '#') || path.AsSpan().ContainsAny('?', '#'))
        {
            throw Wrong(setting);
        }

        var reachable = Reachable(authority);
        var port = scheme.Length > 0 || HasPort(reachable) ? "" : $":{DefaultPort}";
        return Uri.TryCreate(
            $"{(scheme.Length > 0 ? scheme : "http")}://{reachable}{port}{path}", UriKind.Absolute, out var url)
            ? url
            : throw Wrong(setting);
    }

    // The authority with an address that can be asked: never none, never that of all interfaces, IPv6 in brackets.
    private static string Reachable(string authority)
    {
        var hasPort = HasPort(authority) && !IsBareIPv6(authority);
        var colon = hasPort ? authority.LastIndexOf(':') : authority.Length;
        var host = authority[..colon];
        return (host.Length == 0 ? "127.0.0.1" : Asked(host)) + authority[colon..];
    }

    private static string Asked(string host)
    {
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return host;
        }

        if (address.Equals(IPAddress.Any))
        {
            return "127.0.0.1";
        }

        if (address.Equals(IPAddress.IPv6Any))
        {
            return "[::1]";
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host;
    }

    private static bool HasPort(string authority) => authority.LastIndexOf(':') > authority.LastIndexOf(']');

    private static bool IsBareIPv6(string authority) =>
        authority.IndexOf(':') != authority.LastIndexOf(':') && !authority.StartsWith('[');

    // Without the value: it may hold a password.
    private static StartupException Wrong(string setting) => new(
        $"{setting} is no address of an Ollama server: set a host, host:port or a URL such as "
        + $"http://127.0.0.1:{DefaultPort}.");
}
