using ChatGrpc.Model;
using ChatGrpc.Providers.Ollama;

namespace ChatGrpc.Providers;

/// <summary>
/// Where a provider is and how it is asked. Not a record, because that would print the key wherever it is logged.
/// </summary>
internal sealed class ProviderEndpoint
{
    public required ProviderKind Kind { get; init; }

    public required Uri BaseUrl { get; init; }

    /// <summary>Null: none is sent, as servers of one's own allow.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The setting that the key, or without one the address, came from.</summary>
    public required string Setting { get; init; }

    /// <summary>Sent with every request, as OpenRouter has them to name the application.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>For the start-up log.</summary>
    public string Description => ApiKey is not null ? $"at {BaseUrl.Authority}, with the key of {Setting}"
        : Kind == ProviderKind.Ollama ? $"at {BaseUrl.Authority}"
        : $"at {BaseUrl.Authority}, without a key";

    /// <summary>A key as it was set, checked before it fails in every request.</summary>
    /// <exception cref="StartupException">No header can hold it.</exception>
    public static string? Key(string setting, string? value) =>
        string.IsNullOrWhiteSpace(value) ? null
        : value.Trim().All(unit => unit is > ' ' and < '\x7f') ? value.Trim()
        : throw new StartupException(
            $"{setting} holds a space, a line break or a character outside ASCII: set the key alone.");

    /// <summary>Where the requests of that kind go, from what somebody set as its address.</summary>
    /// <exception cref="StartupException">It is no such address.</exception>
    public static Uri Address(ProviderKind kind, string setting, string value)
    {
        var url = kind == ProviderKind.Ollama ? OllamaOptions.BaseUrlOf(setting, value) : Url(setting, value.Trim());
        if (url.UserInfo.Length > 0)
        {
            throw new StartupException($"{setting} holds credentials: move them to {kind.KeySetting}.");
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw new StartupException($"{setting} holds a query or a fragment: end it with its path.");
        }

        var path = url.AbsolutePath.TrimEnd('/');
        foreach (var method in (string[])["/chat/completions", "/v1/messages", "/api/chat"])
        {
            if (path.EndsWith(method, StringComparison.OrdinalIgnoreCase))
            {
                throw new StartupException($"{setting} ends in {method}: leave that out.");
            }
        }

        return new UriBuilder(url) { Path = Implied(kind, path) }.Uri;
    }

    // A host alone means its /v1, where OpenAI's own API and its kin are; Anthropic's wire adds that itself.
    private static string Implied(ProviderKind kind, string path)
    {
        if (kind == ProviderKind.Anthropic)
        {
            return path.EndsWith("/v1", StringComparison.Ordinal) ? path[..^"/v1".Length] : path;
        }

        return path.Length == 0 && kind != ProviderKind.Ollama ? "/v1" : path;
    }

    private static Uri Url(string setting, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new StartupException(
                $"{setting} is no http or https URL: set one such as http://localhost:8000/v1.");
}
