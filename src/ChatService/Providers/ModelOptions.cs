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

    /// <summary>
    /// Aliases of the models that are asked in its place when it fails, in order: docs/resilience.md. Default: none.
    /// </summary>
    public List<string> Fallbacks { get; set; } = [];

    /// <summary>False: it is always asked for the whole answer. Default: true.</summary>
    public bool Streaming { get; set; } = true;

    /// <summary>How it is told of tools: native, xml or none. Default: native where the provider has that.</summary>
    public string Tools { get; set; } = "";

    /// <summary>
    /// How it is told what an answer has to look like: native or instructed. Default: native where the provider has
    /// that.
    /// </summary>
    public string Schemas { get; set; } = "";
}
