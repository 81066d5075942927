using System.Text.RegularExpressions;
using ChatGrpc.Model;

namespace ChatGrpc.Providers;

/// <summary>A model as the configuration has it.</summary>
/// <param name="Alias">What a request names.</param>
/// <param name="Endpoint">Null: it is built in, or a client that the program brings.</param>
/// <param name="Model">The provider's own name; null: none was chosen.</param>
/// <param name="AnyModel">A request may name every other model of the endpoint too, as ALIAS/MODEL.</param>
internal sealed record ModelOffer(string Alias, ProviderEndpoint? Endpoint, string? Model, bool AnyModel)
{
    public ModelTraits Traits { get; init; } = new();
}

/// <summary>What the environment and the configuration offer, in the order in which one becomes the default.</summary>
internal static partial class ModelOffers
{
    public const string Section = "Chat:Models";
    public const string DemoAlias = "demo";

    /// <param name="clients">Aliases of the clients that the program brings.</param>
    /// <exception cref="StartupException">A setting is wrong.</exception>
    public static IReadOnlyList<ModelOffer> From(
        IConfiguration configuration, IReadOnlyDictionary<string, ModelOptions> configured, params string[] clients)
    {
        var endpoints = ProviderKind.All
            .Select(kind => FromEnvironment(kind, configuration)).OfType<ProviderEndpoint>()
            .ToDictionary(endpoint => endpoint.Kind);
        var offers = endpoints.Values.ToDictionary(
            endpoint => endpoint.Kind.Name,
            endpoint => new ModelOffer(
                endpoint.Kind.Name, endpoint, Setting(configuration, endpoint.Kind.ModelSetting), AnyModel: true));
        foreach (var (alias, options) in configured)
        {
            offers[alias] = FromOptions(alias, options, endpoints, configuration);
        }

        foreach (var alias in clients)
        {
            if (alias is DemoAlias or ModelChains.DemoAlias)
            {
                throw new StartupException(
                    $"A client is registered as {alias}, which is the built-in model: choose another key.");
            }

            offers[alias] = new ModelOffer(alias, null, null, AnyModel: false);
        }

        offers.TryAdd(DemoAlias, new ModelOffer(DemoAlias, null, null, AnyModel: false));
        ModelTraits.CheckFallbacks(offers.Values);
        return
        [
            .. offers.Values
                .OrderBy(offer => IsBuiltIn(offer) ? int.MaxValue : Rank(offer.Alias))
                .ThenBy(offer => offer.Alias, StringComparer.Ordinal),
        ];

        bool IsBuiltIn(ModelOffer offer) => offer.Endpoint is null && !clients.Contains(offer.Alias);
    }

    /// <summary>A configured value without the spaces around it; null: none, or an empty one.</summary>
    public static string? Setting(IConfiguration configuration, string name) =>
        string.IsNullOrWhiteSpace(configuration[name]) ? null : configuration[name]!.Trim();

    private static ProviderEndpoint? FromEnvironment(ProviderKind kind, IConfiguration configuration)
    {
        var key = ProviderEndpoint.Key(kind.KeySetting, configuration[kind.KeySetting]);
        var url = Setting(configuration, kind.UrlSetting);
        var isWanted = ProviderKind.Find(Setting(configuration, DefaultModel.ProviderSetting) ?? "") == kind;
        var isThere = kind == ProviderKind.Ollama
            ? url is not null || isWanted
            : key is not null || (url is not null && kind.TakesNoKey);
        return !isThere ? null : new ProviderEndpoint
        {
            Kind = kind,
            BaseUrl = url is null ? kind.BaseUrl : ProviderEndpoint.Address(kind, kind.UrlSetting, url),
            ApiKey = key,
            Setting = key is not null ? kind.KeySetting : kind.UrlSetting,
            Headers = HeadersOf(kind, configuration),
        };
    }

    private static ModelOffer FromOptions(
        string alias,
        ModelOptions options,
        Dictionary<ProviderKind, ProviderEndpoint> endpoints,
        IConfiguration configuration)
    {
        var at = $"{Section}:{alias}";
        if (!Alias().IsMatch(alias))
        {
            throw new StartupException($"{at}: an alias is 1 to 64 of the characters A-Z a-z 0-9 . _ -.");
        }

        var isDemo = options.Provider.Equals(DemoAlias, StringComparison.OrdinalIgnoreCase);
        if (alias == ModelChains.DemoAlias || (alias == DemoAlias && !isDemo))
        {
            throw new StartupException($"{at}: {alias} is the built-in model; choose another alias.");
        }

        var model = options.Model.Trim() is { Length: > 0 } named ? named : null;
        var traits = ModelTraits.From(at, options);
        if (isDemo)
        {
            return new ModelOffer(alias, null, model, AnyModel: false) { Traits = traits };
        }

        var kind = ProviderKind.Find(options.Provider) ?? throw UnknownProvider(at, options.Provider);
        return new ModelOffer(
            alias,
            EndpointOf(at, kind, options, endpoints.GetValueOrDefault(kind), configuration),
            model ?? Setting(configuration, kind.ModelSetting),
            AnyModel: false)
        {
            Traits = traits,
        };
    }

    private static ProviderEndpoint EndpointOf(
        string at, ProviderKind kind, ModelOptions options, ProviderEndpoint? environment, IConfiguration configuration)
    {
        var key = ProviderEndpoint.Key($"{at}:ApiKey", options.ApiKey);
        if (options.BaseUrl.Length == 0 && key is null && environment is not null)
        {
            return environment;
        }

        if (key is null && (options.BaseUrl.Length == 0 || !kind.TakesNoKey) && kind != ProviderKind.Ollama)
        {
            throw new StartupException(
                $"{at} has no key: set {at}:ApiKey"
                + (options.BaseUrl.Length == 0 ? $" or {kind.KeySetting}." : "."));
        }

        return new ProviderEndpoint
        {
            Kind = kind,
            BaseUrl = options.BaseUrl.Length > 0
                ? ProviderEndpoint.Address(kind, $"{at}:BaseUrl", options.BaseUrl)
                : environment?.BaseUrl ?? kind.BaseUrl,
            ApiKey = key,
            Setting = key is null ? $"{at}:BaseUrl" : $"{at}:ApiKey",
            Headers = HeadersOf(kind, configuration),
        };
    }

    private static Dictionary<string, string> HeadersOf(ProviderKind kind, IConfiguration configuration)
    {
        var headers = new Dictionary<string, string>();
        if (kind == ProviderKind.OpenRouter)
        {
            Add("HTTP-Referer", "OPENROUTER_HTTP_REFERER");
            Add("X-Title", "OPENROUTER_X_TITLE");
        }

        return headers;

        void Add(string name, string setting)
        {
            if (Setting(configuration, setting) is { } value)
            {
                headers[name] = value.Any(char.IsControl)
                    ? throw new StartupException($"{setting} holds a line break or another control character.")
                    : value;
            }
        }
    }

    private static StartupException UnknownProvider(string at, string provider)
    {
        var known = ProviderKind.All.Select(kind => kind.Name).Append(DemoAlias).ToArray();
        return new StartupException(
            (provider.Length == 0 ? $"{at}:Provider is not set" : $"{at}:Provider is {provider}, which is no provider")
            + $": set it to one of {string.Join(", ", known)}.{NearNames.Suggest(provider, known)}");
    }

    // The environment's providers in their order, then what is configured under other names, then what is built in.
    private static int Rank(string alias)
    {
        for (var rank = 0; rank < ProviderKind.All.Count; rank++)
        {
            if (ProviderKind.All[rank].Name == alias)
            {
                return rank;
            }
        }

        return ProviderKind.All.Count;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Alias();
}
