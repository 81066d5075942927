using System.Globalization;
using ChatGrpc.Model;
using Npgsql;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Which database it is and how it is reached: checked, and made into what each use of it needs.</summary>
internal sealed class PostgresSettings
{
    public const string Setting = "ConnectionStrings:Chat";
    public const string UrlSetting = "DATABASE_URL";

    /// <summary>All tables are in a schema of their own: the database may hold other things beside.</summary>
    public const string Schema = "chatgrpc";

    /// <summary>What queries for requests run as; row security holds it to one tenant.</summary>
    public const string RequestRole = "chatgrpc_request";

    // A network that swallows packets is noticed soon: a turn that cannot open says so, and a client asks again.
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;

    // The server gives up a little before the client does: then it is certain that nothing was written.
    private const int StatementMilliseconds = 8_000;

    // Requests take a millisecond each, so that few connections serve many; a server allows 100 by default.
    private const int RequestConnections = 30;

    // Flusher, recovery and retention: what they do never waits for requests.
    private const int ServiceConnections = 4;

    // Statements that are planned once for a connection. There are some forty.
    private const int PreparedStatements = 100;

    // A query that takes a millisecond is not worth the many that its machine code would take to make.
    private const string NoCompiling = "-c jit=off";

    // Whose machine is lost in the middle of a statement has its rows locked until the server finds that out; by itself
    // it would ask for the first time after two hours.
    private const string NoticesTheLost =
        "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=4";

    private readonly NpgsqlConnectionStringBuilder _given;

    private PostgresSettings(NpgsqlConnectionStringBuilder given, string setting)
    {
        _given = given;
        Name = setting;
    }

    /// <summary>The setting that it stands in.</summary>
    public string Name { get; }

    /// <summary>host:port/database, for people to read.</summary>
    public string Place => string.Create(CultureInfo.InvariantCulture, $"{_given.Host}:{_given.Port}/{Database}");

    public string Database => _given.Database ?? _given.Username ?? "";

    public string? User => _given.Username;

    /// <summary>For queries that name a tenant: whatever they say, they see that tenant's rows alone.</summary>
    public string ForRequests => With(
        $"-c role={RequestRole}", "chatgrpc requests",
        _given.ShouldSerialize("Maximum Pool Size") ? _given.MaxPoolSize : RequestConnections);

    /// <summary>For what the service does by itself.</summary>
    public string ForService => With("", "chatgrpc", ServiceConnections);

    /// <summary>The first of the two settings that says something. Null: neither does.</summary>
    /// <exception cref="StartupException">It cannot be read.</exception>
    public static PostgresSettings? Find(IConfiguration configuration)
    {
        foreach (var setting in (string[])[Setting, UrlSetting])
        {
            if (configuration[setting]?.Trim() is { Length: > 0 } text)
            {
                return Parse(text, setting);
            }
        }

        return null;
    }

    /// <exception cref="StartupException">It cannot be read.</exception>
    public static PostgresSettings Parse(string text, string setting)
    {
        var given = PostgresUrl.IsUrl(text) ? PostgresUrl.Parse(text, setting) : ParseKeywords(text, setting);
        if (string.IsNullOrEmpty(given.Host))
        {
            throw new StartupException($"{setting} names no host: add Host=NAME, or Host=/FOLDER for a Unix socket.");
        }

        return new PostgresSettings(given, setting);
    }

    // What the library says of a wrong string may quote from it, the password too.
    private static NpgsqlConnectionStringBuilder ParseKeywords(string text, string setting)
    {
        var words = new System.Data.Common.DbConnectionStringBuilder();
        try
        {
            words.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw new StartupException(
                $"{setting} is no connection string: it looks like Host=localhost;Username=chat;Password=...;"
                + "Database=chat or postgres://chat:...@localhost/chat.");
        }

        var given = new NpgsqlConnectionStringBuilder();
        foreach (string keyword in words.Keys)
        {
            Set(given, keyword, $"{words[keyword]}", setting, keyword);
        }

        return given;
    }

    /// <param name="shown">How the operator wrote the keyword.</param>
    public static void Set(
        NpgsqlConnectionStringBuilder given, string keyword, string value, string setting, string shown)
    {
        try
        {
            given[keyword] = value;
        }
        catch (Exception unknown) when (
            unknown is ArgumentException or KeyNotFoundException
            && !new NpgsqlConnectionStringBuilder().ContainsKey(keyword))
        {
            throw new StartupException($"{setting} has {shown}, which is no keyword of Npgsql's connection strings.");
        }
        catch (Exception wrong) when (
            wrong is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new StartupException($"{setting} has a value for {shown} that cannot be read.");
        }
    }

    private string With(string options, string name, int connections)
    {
        var all = new NpgsqlConnectionStringBuilder(_given.ConnectionString)
        {
            SearchPath = Schema,
            MaxPoolSize = connections,
            MinPoolSize = 0,
            Multiplexing = false,
            MaxAutoPrepare = PreparedStatements,
            AutoPrepareMinUsages = 2,
            Enlist = false,

            // Nothing outlives its transaction, the tenant neither, and a reset would end the role of requests.
            NoResetOnClose = true,
            TcpKeepAlive = true,
            IncludeErrorDetail = false,
        };
        all.Timeout = _given.ShouldSerialize("Timeout") ? _given.Timeout : ConnectSeconds;
        all.CommandTimeout = _given.ShouldSerialize("Command Timeout") ? _given.CommandTimeout : CommandSeconds;
        all.ApplicationName = _given.ApplicationName ?? name;
        var timeout = string.Create(CultureInfo.InvariantCulture, $"-c statement_timeout={StatementMilliseconds}");
        string?[] parts =
        [
            NoCompiling, NoticesTheLost, _given.Options, timeout, @"-c default_transaction_isolation=read\ committed",
            options,
        ];
        all.Options = string.Join(' ', parts.Where(part => !string.IsNullOrEmpty(part)));
        return all.ConnectionString;
    }
}
