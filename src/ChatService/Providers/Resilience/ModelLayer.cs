namespace ChatGrpc.Providers.Resilience;

/// <summary>Something that stands around a provider: one concern each, stacked in <see cref="ModelPipeline"/>.</summary>
internal abstract class ModelLayer(IModelProvider inner) : IModelProvider
{
    public string Name => inner.Name;

    public bool CarriesOn => inner.CarriesOn;

    public abstract IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, CancellationToken cancellationToken);
}
