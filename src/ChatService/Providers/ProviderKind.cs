namespace ChatGrpc.Providers;

/// <summary>A kind of provider and the settings of its own tools, so that what works for them works here.</summary>
/// <param name="Name">As OpenTelemetry has it in gen_ai.provider.name; the environment makes an alias of it.</param>
/// <param name="Prefix">What its settings begin with.</param>
/// <param name="BaseUrl">Where it is unless configured otherwise.</param>
/// <param name="Model">Small, cheap, fast, and known to every account.</param>
internal sealed record ProviderKind(string Name, string Prefix, Uri BaseUrl, string Model)
{
    public static readonly ProviderKind OpenAI =
        new("openai", "OPENAI", new("https://api.openai.com/v1"), "gpt-4o-mini");

    public static readonly ProviderKind Anthropic =
        new("anthropic", "ANTHROPIC", new("https://api.anthropic.com"), "claude-haiku-4-5");

    public static readonly ProviderKind OpenRouter =
        new("openrouter", "OPENROUTER", new("https://openrouter.ai/api/v1"), "openai/gpt-4o-mini");

    public static readonly ProviderKind Ollama =
        new("ollama", "OLLAMA", new("http://127.0.0.1:11434"), "llama3.2");

    /// <summary>In the order in which one of them becomes the default.</summary>
    public static readonly IReadOnlyList<ProviderKind> All = [OpenAI, Anthropic, OpenRouter, Ollama];

    public string KeySetting => $"{Prefix}_API_KEY";

    public string UrlSetting => this == Ollama ? "OLLAMA_HOST" : $"{Prefix}_BASE_URL";

    public string ModelSetting => $"{Prefix}_MODEL";

    /// <summary>It answers without a key where it runs on a machine of one's own.</summary>
    public bool TakesNoKey => this == OpenAI || this == Ollama;

    /// <summary>What brings it in.</summary>
    public string Setting => this == Ollama ? UrlSetting : KeySetting;

    public static ProviderKind? Find(string name) =>
        All.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
