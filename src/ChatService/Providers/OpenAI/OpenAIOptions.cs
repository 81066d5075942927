using System.Collections.ObjectModel;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>
/// An endpoint that speaks OpenAI's chat completions: OpenAI itself or any compatible server. Not a record, because
/// that would print the key wherever it is logged.
/// </summary>
internal sealed class OpenAIOptions
{
    /// <summary>As <see cref="IModelProvider.Name"/>: who is there.</summary>
    public string Name { get; init; } = "openai";

    /// <summary>What stands before /chat/completions, without a slash at its end.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Null: none is sent, as servers of one's own allow.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Sent beside the key, as OpenRouter wants to know the application: HTTP-Referer, X-Title.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Host and port, for messages.</summary>
    public string Host => BaseUrl.Authority;

    public Uri CompletionsUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/chat/completions");

    public Uri ModelsUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/models");

    /// <summary>
    /// OpenAI's newer models refuse max_tokens; many compatible servers know nothing else and would ignore the
    /// newer name, so that an answer had no bound.
    /// </summary>
    public string MaxTokensName => BaseUrl.Host == "api.openai.com" ? "max_completion_tokens" : "max_tokens";
}
