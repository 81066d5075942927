using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>Ollama's own chat.</summary>
internal sealed class OllamaModelWire(OllamaOptions options) : IModelWire
{
    public string Name => "ollama";

    public HttpRequestMessage Ask(ModelRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, options.ChatUrl)
        {
            Content = OllamaRequestWriter.Write(request),
        };
        Authorize(message);
        return message;
    }

    public WireErrors ErrorsFor(string model) => new OllamaErrors(options, new ProviderFailures(Name, model));

    public ChunkReader ChunksOf(WireErrors errors) => new OllamaChunkReader(errors);

    public HttpRequestMessage List(string? after)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, options.TagsUrl);
        Authorize(message);
        return message;
    }

    public string? ReadList(JsonElement page, List<ListedModel> models)
    {
        models.AddRange(page.GetProperty("models"u8).EnumerateArray().Select(Listed));
        return null;
    }

    // Newer versions say what a model can do.
    private static ListedModel Listed(JsonElement model) => new(model.GetProperty("name"u8).GetString() ?? "")
    {
        Images = model.Find("capabilities"u8)?.Lists("vision"u8),
        Reasoning = model.Find("capabilities"u8)?.Lists("thinking"u8),
        Tools = model.Find("capabilities"u8)?.Lists("tools"u8),
    };

    private void Authorize(HttpRequestMessage message)
    {
        if (options.ApiKey is { } key)
        {
            message.Headers.Authorization = new("Bearer", key);
        }
    }
}
