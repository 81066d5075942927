namespace ChatGrpc.Providers.Resilience;

/// <summary>Asks for the whole answer, for a model that does not answer piece by piece.</summary>
internal sealed class WholeAnswers(IModelProvider inner) : ModelLayer(inner)
{
    private readonly IModelProvider _inner = inner;

    public override IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, CancellationToken cancellationToken) =>
        _inner.StreamAsync(request with { Streaming = false }, cancellationToken);
}
