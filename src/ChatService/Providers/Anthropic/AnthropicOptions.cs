namespace ChatGrpc.Providers.Anthropic;

/// <summary>
/// An endpoint that speaks Anthropic's Messages. Not a record, because that would print the key wherever it is logged.
/// </summary>
internal sealed class AnthropicOptions
{
    /// <summary>What stands before /v1/messages, without a slash at its end.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Null: none is sent.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Host and port, for messages.</summary>
    public string Host => BaseUrl.Authority;

    public Uri MessagesUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/v1/messages");

    public Uri ModelsUrl(string? after) => new(
        $"{BaseUrl.AbsoluteUri.TrimEnd('/')}/v1/models?limit=1000"
        + (after is null ? "" : $"&after_id={Uri.EscapeDataString(after)}"));
}
