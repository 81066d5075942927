using System.Net.Http.Headers;
using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>Anthropic's Messages.</summary>
internal sealed class AnthropicModelWire(AnthropicOptions options) : IModelWire
{
    // The version of the wire, not of a model; there has been no other since.
    private const string Version = "2023-06-01";

    private static readonly MediaTypeWithQualityHeaderValue EventStream = new("text/event-stream");

    public string Name => "anthropic";

    public HttpRequestMessage Ask(ModelRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, options.MessagesUrl)
        {
            Content = AnthropicRequestWriter.Write(request),
        };
        message.Headers.Accept.Add(EventStream);
        Authorize(message);
        return message;
    }

    public WireErrors ErrorsFor(string model) => new AnthropicErrors(options, new ProviderFailures(Name, model));

    public ChunkReader ChunksOf(WireErrors errors) => new AnthropicChunkReader(errors);

    public HttpRequestMessage List(string? after)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, options.ModelsUrl(after));
        Authorize(message);
        return message;
    }

    public string? ReadList(JsonElement page, List<ListedModel> models)
    {
        models.AddRange(page.GetProperty("data"u8).EnumerateArray()
            .Select(model => new ListedModel(model.GetProperty("id"u8).GetString() ?? "")));
        return page.Find("has_more"u8) is { ValueKind: JsonValueKind.True }
            ? page.Find("last_id"u8)?.GetString()
            : null;
    }

    private void Authorize(HttpRequestMessage message)
    {
        message.Headers.Add("anthropic-version", Version);
        if (options.ApiKey is { } key)
        {
            message.Headers.Add("x-api-key", key);
        }
    }
}
