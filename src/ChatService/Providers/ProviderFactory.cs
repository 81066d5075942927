using ChatGrpc.Providers.Anthropic;
using ChatGrpc.Providers.Ollama;
using ChatGrpc.Providers.OpenAI;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers;

/// <summary>Makes what asks an endpoint: the one place that knows every wire.</summary>
internal static class ProviderFactory
{
    public static HttpModelProvider Create(ProviderEndpoint endpoint, TimeProvider time)
    {
        var (baseUrl, apiKey) = (endpoint.BaseUrl, endpoint.ApiKey);
        if (endpoint.Kind == ProviderKind.Anthropic)
        {
            return new AnthropicProvider(new AnthropicOptions { BaseUrl = baseUrl, ApiKey = apiKey }, time);
        }

        if (endpoint.Kind == ProviderKind.Ollama)
        {
            return new OllamaProvider(new OllamaOptions { BaseUrl = baseUrl, ApiKey = apiKey }, time);
        }

        var options = new OpenAIOptions
        {
            Name = endpoint.Kind.Name,
            BaseUrl = baseUrl,
            ApiKey = apiKey,
            Headers = endpoint.Headers,
        };
        return new OpenAIProvider(options, time);
    }
}
