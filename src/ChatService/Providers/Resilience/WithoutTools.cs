namespace ChatGrpc.Providers.Resilience;

/// <summary>For a model that is not to be told of tools.</summary>
internal sealed class WithoutTools(IModelProvider inner) : ModelLayer(inner)
{
    private readonly IModelProvider _inner = inner;

    public override IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, CancellationToken cancellationToken) =>
        _inner.StreamAsync(request.Tools is [] ? request : request with { Tools = [] }, cancellationToken);
}
