namespace ChatGrpc.Providers.OpenAI;

/// <summary>
/// An endpoint that speaks OpenAI's chat completions: OpenAI itself or any compatible server. Not a record, because
/// that would print the key wherever it is logged.
/// </summary>
internal sealed class OpenAIOptions
{
    public static readonly Uri DefaultBaseUrl = new("https://api.openai.com/v1");

    /// <summary>What stands before /chat/completions, without a slash at its end.</summary>
    public Uri BaseUrl { get; init; } = DefaultBaseUrl;

    /// <summary>Null: none is sent, as servers of one's own allow.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Host and port, for messages.</summary>
    public string Host => BaseUrl.Authority;

    public Uri CompletionsUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/chat/completions");

    /// <summary>
    /// OpenAI's newer models refuse max_tokens; many compatible servers know nothing else and would ignore the
    /// newer name, so that an answer had no bound.
    /// </summary>
    public string MaxTokensName => BaseUrl.Host == DefaultBaseUrl.Host ? "max_completion_tokens" : "max_tokens";
}
