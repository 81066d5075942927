using System.Runtime.CompilerServices;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Resilience;

/// <summary>Asks a model again that failed before it said anything, if that may help, after a while.</summary>
internal sealed class Retrying(IModelProvider inner, ResilienceOptions options, TimeProvider time, Random random)
    : ModelLayer(inner)
{
    private readonly IModelProvider _inner = inner;

    public override async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var tried = 0; ; tried++)
        {
            var shown = false;
            TimeSpan? wait = null;
            await foreach (var said in _inner.StreamAsync(request, cancellationToken))
            {
                shown |= said.IsShown;
                wait = said.Kind == ModelEventKind.Failed && !shown ? WaitAfter(said.FailureDetail, tried) : null;
                if (wait is not null)
                {
                    break;
                }

                yield return said;
            }

            if (wait is not { } delay)
            {
                yield break;
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    /// <summary>How long to wait before the model is asked again; null: it is not.</summary>
    private TimeSpan? WaitAfter(Failure failure, int tried)
    {
        if (tried >= options.Retries || !FailureRules.IsWorthARetry(failure)
            || failure.RetryAfter > options.MaxDelay)
        {
            return null;
        }

        // Half of it by chance, so that those who failed together do not come back together.
        var longest = Math.Min(options.BaseDelay.TotalSeconds * Math.Pow(2, tried), options.MaxDelay.TotalSeconds);
        var backoff = TimeSpan.FromSeconds(longest * (1 + random.NextDouble()) / 2);
        return failure.RetryAfter > backoff ? failure.RetryAfter : backoff;
    }
}
