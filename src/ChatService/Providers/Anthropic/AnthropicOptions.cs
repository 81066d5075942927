namespace ChatGrpc.Providers.Anthropic;

/// <summary>
/// An endpoint that speaks Anthropic's Messages. Not a record, because that would print the key wherever it is logged.
/// </summary>
internal sealed class AnthropicOptions
{
    /// <summary>What stands before /v1/messages, without a slash at its end.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Null: none is sent, as servers of one's own allow.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// Bound of an answer in tokens where a request sets none, because the wire wants one always. The least that one of
    /// the models since Claude 4 takes (Opus 4.1): a larger figure would be refused there.
    /// </summary>
    public long DefaultMaxTokens { get; init; } = 32_000;

    /// <summary>Host and port, for messages.</summary>
    public string Host => BaseUrl.Authority;

    public Uri MessagesUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/v1/messages");

    public Uri ModelsUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/v1/models");
}
