using System.Net.Http.Headers;
using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>OpenAI's chat completions, as OpenAI and every compatible server speak them.</summary>
internal sealed class OpenAIModelWire(OpenAIOptions options) : IModelWire
{
    private static readonly MediaTypeWithQualityHeaderValue EventStream = new("text/event-stream");

    public string Name => options.Name;

    public HttpRequestMessage Ask(ModelRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, options.CompletionsUrl)
        {
            Content = OpenAIRequestWriter.Write(request, options.MaxTokensName),
        };
        message.Headers.Accept.Add(EventStream);
        Authorize(message);
        return message;
    }

    public WireErrors ErrorsFor(string model) => new OpenAIErrors(options, new ProviderFailures(Name, model));

    public ChunkReader ChunksOf(WireErrors errors) => new OpenAIChunkReader(errors);

    public HttpRequestMessage List(string? after)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, options.ModelsUrl);
        Authorize(message);
        return message;
    }

    public string? ReadList(JsonElement page, List<ListedModel> models)
    {
        models.AddRange(page.GetProperty("data"u8).EnumerateArray().Select(OpenAIListedModel.Read));
        return null;
    }

    private void Authorize(HttpRequestMessage message)
    {
        if (options.ApiKey is { } key)
        {
            message.Headers.Authorization = new("Bearer", key);
        }

        foreach (var (name, value) in options.Headers)
        {
            message.Headers.Add(name, value);
        }
    }
}
