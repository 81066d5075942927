namespace ChatGrpc.Providers.Ollama;

/// <summary>Where Ollama is. Not a record, because that would print the key wherever it is logged.</summary>
internal sealed class OllamaOptions
{
    /// <summary>What stands before /api/chat, without a slash at its end.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Null: none is sent, as Ollama itself has none; a gateway before it may want one.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Host and port, for messages.</summary>
    public string Host => BaseUrl.Authority;

    public Uri ChatUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/api/chat");

    public Uri TagsUrl => new($"{BaseUrl.AbsoluteUri.TrimEnd('/')}/api/tags");
}
