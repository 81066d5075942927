using System.Globalization;
using System.Text;
using ChatGrpc.Model;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>
/// Reads postgres://user:password@host:port/database?parameter=value, as PostgreSQL's own library does: each part
/// percent-encoded, any of them absent, a folder in host for a Unix socket.
/// </summary>
internal static class PostgresUrl
{
    // Names that libpq has for what a connection string of Npgsql calls otherwise.
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["options"] = "Options",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
        ["gssencmode"] = "GSS Encryption Mode",
        ["require_auth"] = "Require Auth",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
    };

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    public static bool IsUrl(string text) => Scheme(text) is not null;

    /// <exception cref="StartupException">It is wrong. The message tells nothing of what it holds.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text, string setting)
    {
        var given = new NpgsqlConnectionStringBuilder();
        var (rest, query) = Cut(text[Scheme(text)!.Length..], '?');
        var (authority, database) = Cut(rest, '/');
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var (user, password) = Cut(authority[..at], ':');
            Put("Username", user, "the user");
            Put("Password", password, "the password");
        }

        SetHost(authority[(at + 1)..]);
        Put("Database", database, "the database");
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(parameter, '=');
            name = Decode(name, "a parameter's name", setting);
            Put(Keywords.GetValueOrDefault(name, name), value, name);
        }

        return given;

        void SetHost(string host)
        {
            // The port is what follows the last colon, unless that is inside the brackets of an IPv6 address.
            var colon = host.LastIndexOf(':');
            var isPort = colon >= 0 && colon > host.LastIndexOf(']');
            Put("Host", (isPort ? host[..colon] : host).Trim('[', ']'), "the host");
            if (isPort && host.Length > colon + 1)
            {
                var port = host[(colon + 1)..];
                if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    || number is < 1 or > 65535)
                {
                    throw new StartupException(
                        $"{setting} has a port that is no number of 1 to 65535; a : or / or @ in a password is written "
                        + "as %3A, %2F, %40.");
                }

                given.Port = number;
            }
        }

        void Put(string keyword, string encoded, string shown)
        {
            if (encoded.Length > 0)
            {
                var value = Decode(encoded, shown, setting);
                PostgresSettings.Set(
                    given, keyword, keyword is "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value,
                    setting, shown);
            }
        }
    }

    private static string? Scheme(string text) =>
        Array.Find(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    private static (string Before, string After) Cut(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var place
            ? (text[..place], text[(place + 1)..])
            : (text, "");

    private static string Decode(string encoded, string what, string setting)
    {
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                var end = encoded.IndexOf('%', i) is >= 0 and var next ? next : encoded.Length;
                bytes.AddRange(Encoding.UTF8.GetBytes(encoded[i..end]));
                i = end - 1;
            }
            else if (i + 2 < encoded.Length && byte.TryParse(
                encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                throw Unreadable();
            }
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw Unreadable();
        }

        StartupException Unreadable() => new(
            $"{setting} has a % in {what} that does not begin a percent-encoded character: write it as %25.");
    }
}
