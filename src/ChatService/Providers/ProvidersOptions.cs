using ChatGrpc.Model;
using ChatGrpc.Providers.OpenAI;

namespace ChatGrpc.Providers;

/// <summary>
/// What the configuration says about models. The names are those that providers' own tools use, so that an
/// environment that works for them works here; all of them are configuration keys too.
/// </summary>
internal sealed record ProvidersOptions
{
    public const string KeySetting = "OPENAI_API_KEY";
    public const string BaseUrlSetting = "OPENAI_BASE_URL";
    public const string ModelSetting = "OPENAI_MODEL";
    public const string DefaultModelSetting = "Chat:DefaultModel";

    private const string CompletionsPath = "/chat/completions";

    /// <summary>Null: neither a key nor a base URL is set.</summary>
    public OpenAIOptions? OpenAI { get; init; }

    /// <summary>Small, cheap, fast, and known to every account.</summary>
    public string OpenAIModel { get; init; } = "gpt-4o-mini";

    /// <summary>Alias of the default model; null: the first that is configured.</summary>
    public string? DefaultModel { get; init; }

    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static ProvidersOptions From(IConfiguration configuration)
    {
        var key = Setting(configuration, KeySetting);
        var baseUrl = Setting(configuration, BaseUrlSetting);
        var options = new ProvidersOptions { DefaultModel = Setting(configuration, DefaultModelSetting) };
        if (key is null && baseUrl is null)
        {
            return options;
        }

        return options with
        {
            OpenAI = new()
            {
                ApiKey = key is null ? null : HeaderSafe(key),
                BaseUrl = baseUrl is null ? OpenAIOptions.DefaultBaseUrl : BaseUrl(baseUrl),
            },
            OpenAIModel = Setting(configuration, ModelSetting) ?? options.OpenAIModel,
        };
    }

    // An empty variable is how scripts unset one.
    private static string? Setting(IConfiguration configuration, string name) =>
        string.IsNullOrWhiteSpace(configuration[name]) ? null : configuration[name]!.Trim();

    private static string HeaderSafe(string key) => key.All(unit => unit is > ' ' and < '\x7f')
        ? key
        : throw new StartupException(
            $"{KeySetting} holds a space, a line break or a character outside ASCII: set the key alone.");

    /// <summary>A host alone means its /v1, where OpenAI's own API and its kin are; a path is taken as it is.</summary>
    private static Uri BaseUrl(string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new StartupException(
                $"{BaseUrlSetting} is no http or https URL: set one such as http://localhost:8000/v1.");
        }

        if (url.UserInfo.Length > 0)
        {
            throw new StartupException($"{BaseUrlSetting} holds credentials: move them to {KeySetting}.");
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw new StartupException($"{BaseUrlSetting} holds a query or a fragment: end it with its path.");
        }

        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(CompletionsPath, StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException($"{BaseUrlSetting} ends in {CompletionsPath}: leave that out.");
        }

        return new UriBuilder(url) { Path = path.Length == 0 ? "/v1" : path }.Uri;
    }
}
