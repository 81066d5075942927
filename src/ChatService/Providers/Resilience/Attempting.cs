using System.Runtime.CompilerServices;
using ChatGrpc.Telemetry;

namespace ChatGrpc.Providers.Resilience;

/// <summary>
/// Makes of each call an attempt, which is told before the provider is called and knows how it went. An answer that
/// ends without its end marker was cut: it failed.
/// </summary>
internal sealed class Attempting(IModelProvider inner, ModelEntry model, TimeProvider time) : ModelLayer(inner)
{
    private readonly IModelProvider _inner = inner;

    public override async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var attempt = new ModelAttempt(model, request, time);
        yield return ModelEvent.Began(attempt);
        try
        {
            await foreach (var said in _inner.StreamAsync(request, cancellationToken))
            {
                attempt.Observe(said);
                yield return said;
                if (said.Kind is ModelEventKind.Finished or ModelEventKind.Failed)
                {
                    yield break;
                }
            }

            var failure = new ProviderFailures(Name, request.Model).Cut(
                "The model's answer ended without its end marker.");
            var cut = ModelEvent.Failed(failure);
            attempt.Observe(cut);
            yield return cut;
        }
        finally
        {
            Diagnostics.Attempted(Name, model.Family, attempt.Outcome, attempt.Reason);
        }
    }
}
