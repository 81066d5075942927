using ChatGrpc.Providers.Anthropic;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers;

/// <summary>Makes what asks an endpoint: the one place that knows every wire.</summary>
internal static class ProviderFactory
{
    public static HttpModelProvider Create(ProviderEndpoint endpoint, TimeProvider time) =>
        new(WireOf(endpoint), time);

    private static IModelWire WireOf(ProviderEndpoint endpoint)
    {
        if (endpoint.Kind == ProviderKind.Anthropic)
        {
            return new AnthropicModelWire(
                new AnthropicOptions { BaseUrl = endpoint.BaseUrl, ApiKey = endpoint.ApiKey });
        }

        if (endpoint.Kind == ProviderKind.Ollama)
        {
            return new OllamaModelWire(new OllamaOptions { BaseUrl = endpoint.BaseUrl, ApiKey = endpoint.ApiKey });
        }

        return new OpenAIModelWire(new OpenAIOptions
        {
            Name = endpoint.Kind.Name,
            BaseUrl = endpoint.BaseUrl,
            ApiKey = endpoint.ApiKey,
            Headers = endpoint.Headers,
        });
    }
}
