namespace ChatGrpc.Providers.Wire;

/// <summary>What sentences about an endpoint need. Not a record, because that would print the key.</summary>
internal sealed class WireEndpoint
{
    /// <summary>Host and port, never the whole URL.</summary>
    public required string Host { get; init; }

    /// <summary>Never shown; null: none is sent.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What the base URL should be: OpenAI endpoint.</summary>
    public required string Kind { get; init; }

    /// <summary>What is asked for there: chat completions.</summary>
    public required string Service { get; init; }

    /// <summary>What a whole answer ends with.</summary>
    public required string EndMarker { get; init; }
}
