using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>Models behind OpenAI's chat completions, on any base URL.</summary>
internal sealed class OpenAIProvider(OpenAIOptions options, TimeProvider time)
    : HttpModelProvider(time)
{
    public override string Name => options.Name;

    /// <inheritdoc/>
    public override async Task<ListedModels> ListAsync(CancellationToken cancellationToken)
    {
        using var message = Authorized(new(HttpMethod.Get, options.ModelsUrl));
        var (models, failure) = await GetListAsync(message, OpenAIModelList.Read, cancellationToken);
        return failure is null ? new(models!) : ListedModels.Failed(failure);
    }

    protected override HttpRequestMessage Message(ModelRequest request) => Authorized(Post(
        options.CompletionsUrl,
        request,
        OpenAIRequestWriter.Write(request, options.MaxTokensName),
        "text/event-stream"));

    protected override WireErrors Errors(ProviderFailures failures) => new OpenAIErrors(options, failures);

    protected override ChunkReader Chunks(WireErrors errors) => new OpenAIChunkReader(errors);

    private HttpRequestMessage Authorized(HttpRequestMessage message)
    {
        if (options.ApiKey is { } key)
        {
            message.Headers.Authorization = new("Bearer", key);
        }

        foreach (var (name, value) in options.Headers)
        {
            // As they are: a title may hold what a checked header may not.
            _ = message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}
