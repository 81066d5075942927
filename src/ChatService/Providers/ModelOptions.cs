namespace ChatGrpc.Providers;

/// <summary>A model of one's own choosing: Chat:Models:ALIAS.</summary>
internal sealed class ModelOptions
{
    /// <summary>openai (for every compatible server too), anthropic, openrouter, ollama or demo. Required.</summary>
    public string Provider { get; set; } = "";

    /// <summary>The provider's own name of the model. Default: the one of the environment's alias.</summary>
    public string Model { get; set; } = "";

    /// <summary>
    /// Where the provider is. Default: where the environment says, and with the environment's key; an address given
    /// here never gets that key.
    /// </summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Default: the environment's, if BaseUrl is too.</summary>
    public string ApiKey { get; set; } = "";
}
