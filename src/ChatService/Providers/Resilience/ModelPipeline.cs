namespace ChatGrpc.Providers.Resilience;

/// <summary>What stands between a turn and the providers: each layer has one concern.</summary>
internal sealed class ModelPipeline(Patience patience, TimeProvider time)
{
    public IModelProvider Around(ModelEntry entry) =>
        new Attempting(
            new SilenceLimits(
                new CarryingOn(entry.Provider),
                patience,
                time),
            entry,
            time);
}
