using ChatGrpc.Model;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>Models behind Anthropic's Messages, on any base URL.</summary>
internal sealed class AnthropicProvider(AnthropicOptions options, TimeProvider time)
    : HttpModelProvider(time)
{
    // The version of the wire that this code speaks; Anthropic keeps it as it is.
    private const string Version = "2023-06-01";

    // Pages of the largest size that the wire has. A provider that goes on for longer goes on for ever.
    private const int ModelsPerPage = 1000;
    private const int MaxPages = 10;

    public override string Name => "anthropic";

    /// <summary>Its output formats are of the newest models only, and refuse schemas that are not strict.</summary>
    public override bool HasSchemas => false;

    /// <inheritdoc/>
    public override async Task<ListedModels> ListAsync(CancellationToken cancellationToken)
    {
        var models = new List<ListedModel>();
        var after = "";
        for (var page = 0; page < MaxPages; page++)
        {
            var from = after.Length > 0 ? $"&after_id={Uri.EscapeDataString(after)}" : "";
            using var message = Authorized(
                new(HttpMethod.Get, $"{options.ModelsUrl.AbsoluteUri}?limit={ModelsPerPage}{from}"));
            var (list, failure) = await GetListAsync(message, AnthropicModelList.Read, cancellationToken);
            if (failure is not null)
            {
                return ListedModels.Failed(failure);
            }

            models.AddRange(list!.Models);
            after = list.NextAfter;
            if (after.Length == 0)
            {
                break;
            }
        }

        return new(models);
    }

    protected override Failure? Refuse(ModelRequest request, WireErrors errors) =>
        ((AnthropicErrors)errors).Refuse(request);

    protected override HttpRequestMessage Message(ModelRequest request) => Authorized(Post(
        options.MessagesUrl,
        request,
        AnthropicRequestWriter.Write(request, options.DefaultMaxTokens),
        "text/event-stream"));

    protected override WireErrors Errors(ProviderFailures failures) => new AnthropicErrors(options, failures);

    protected override ChunkReader Chunks(WireErrors errors) => new AnthropicChunkReader(errors);

    private HttpRequestMessage Authorized(HttpRequestMessage message)
    {
        message.Headers.Add("anthropic-version", Version);
        if (options.ApiKey is { } key)
        {
            message.Headers.Add("x-api-key", key);
        }

        return message;
    }
}
