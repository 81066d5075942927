using System.Runtime.CompilerServices;

namespace ChatGrpc.Providers.Resilience;

/// <summary>
/// Does not call a model that fails all the time, so that the turn can go elsewhere at once. Nothing is called then,
/// and nothing is an attempt.
/// </summary>
internal sealed class CircuitBreaking(IModelProvider inner, ModelEntry model, Circuits circuits) : ModelLayer(inner)
{
    private readonly IModelProvider _inner = inner;

    public override async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var circuit = circuits.Of(model.Provider, request.Model);
        if (circuit.Enter(out var onTrial) is { } away)
        {
            yield return ModelEvent.Failed(new ProviderFailures(Name, request.Model).CircuitOpen(away));
            yield break;
        }

        var isKnown = false;
        try
        {
            await foreach (var said in _inner.StreamAsync(request, cancellationToken))
            {
                if (onTrial && said.IsShown)
                {
                    // Its first word is what a trial is about: the others need not wait for the whole answer.
                    circuit.Leave(onTrial, failed: false);
                    onTrial = false;
                }

                if (said.Kind is ModelEventKind.Finished or ModelEventKind.Failed)
                {
                    isKnown = true;
                    circuit.Leave(
                        onTrial,
                        failed: said.Kind == ModelEventKind.Failed && FailureRules.IsOutage(said.FailureDetail));
                }

                yield return said;
            }
        }
        finally
        {
            if (!isKnown)
            {
                circuit.Leave(onTrial, failed: null);
            }
        }
    }
}
