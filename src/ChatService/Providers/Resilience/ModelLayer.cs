namespace ChatGrpc.Providers.Resilience;

/// <summary>Stands around a provider, with one concern; <see cref="ModelPipeline"/> stacks them.</summary>
internal abstract class ModelLayer(IModelProvider inner) : IModelProvider
{
    public string Name => inner.Name;

    public bool CarriesOn => inner.CarriesOn;

    public abstract IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, CancellationToken cancellationToken);
}
