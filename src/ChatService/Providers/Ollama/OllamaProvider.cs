using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>Models behind Ollama's own /api/chat, on one's own machine or in Ollama's cloud.</summary>
internal sealed class OllamaProvider(OllamaOptions options, TimeProvider time)
    : HttpModelProvider(time)
{
    public override string Name => "ollama";

    /// <inheritdoc/>
    public override bool CarriesOn => true;

    /// <inheritdoc/>
    public override async Task<ListedModels> ListAsync(CancellationToken cancellationToken)
    {
        using var message = Authorized(new(HttpMethod.Get, options.TagsUrl));
        var (models, failure) = await GetListAsync(message, OllamaModelList.Read, cancellationToken);
        return failure is null ? new(models!) : ListedModels.Failed(failure);
    }

    protected override HttpRequestMessage Message(ModelRequest request) =>
        Authorized(Post(options.ChatUrl, request, OllamaRequestWriter.Write(request), "application/x-ndjson"));

    protected override WireErrors Errors(ProviderFailures failures) => new OllamaErrors(options, failures);

    protected override ChunkReader Chunks(WireErrors errors) => new OllamaChunkReader(errors);

    private HttpRequestMessage Authorized(HttpRequestMessage message)
    {
        if (options.ApiKey is { } key)
        {
            message.Headers.Authorization = new("Bearer", key);
        }

        return message;
    }
}
