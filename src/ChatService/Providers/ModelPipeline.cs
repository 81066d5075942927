using ChatGrpc.Providers.Demo;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.Providers.Schemas;
using ChatGrpc.Providers.Xml;

namespace ChatGrpc.Providers;

/// <summary>What stands between a turn and the providers: each layer has one concern.</summary>
internal sealed class ModelPipeline(ResilienceOptions options, Patience patience, TimeProvider time)
{
    private readonly Circuits _circuits = new(options, time);

    /// <summary>Spreads the retries. A schedule that is to be played again brings its own.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>The chain of a model and its fallbacks. A model without them has no chain, and pays for none.</summary>
    public IModelProvider Around(ModelEntry entry) => entry.Fallbacks is []
        ? Alone(entry)
        : new FallbackChain([Link(entry), .. entry.Fallbacks.Select(Link)], options.Apology);

    private FallbackLink Link(ModelEntry entry) => new(entry, Alone(entry));

    private IModelProvider Alone(ModelEntry entry) =>
        Whole(
            entry,
            new Retrying(
                Guarded(
                    entry,
                    new Attempting(
                        new SilenceLimits(
                            InWords(entry, new CarryingOn(entry.Provider)),
                            patience,
                            time),
                        entry,
                        time)),
                options,
                time,
                Random));

    private static IModelProvider Whole(ModelEntry entry, IModelProvider inner) =>
        entry.Streams ? inner : new WholeAnswers(inner);

    // The demo model fails when it is told to: whoever tells it so must not take it from the others.
    private IModelProvider Guarded(ModelEntry entry, IModelProvider inner) =>
        entry.Provider is DemoProvider ? inner : new CircuitBreaking(inner, entry, _circuits);

    // What the model's wire has no place for, or what the configuration does not want there. It has to know what the
    // answer begins with: in half a block of code nothing is a call.
    private static IModelProvider InWords(ModelEntry entry, IModelProvider inner)
    {
        var tools = entry.Tools switch
        {
            ToolWay.Xml => new XmlToolCalls(inner),
            ToolWay.None => new WithoutTools(inner),
            _ => inner,
        };
        return entry.Schemas == SchemaWay.Instructed ? new InstructedSchema(tools) : tools;
    }
}
