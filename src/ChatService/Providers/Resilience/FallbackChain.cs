using System.Runtime.CompilerServices;
using ChatGrpc.Model;
using ChatGrpc.Telemetry;

namespace ChatGrpc.Providers.Resilience;

/// <summary>
/// Asks one model after the other, each in the ways that may help, until one answers. What was shown is carried on or
/// withdrawn, never said twice; each step is told to the reader and counted. docs/resilience.md has it in words.
/// </summary>
/// <param name="links">The model that was asked for, then its fallbacks.</param>
internal sealed class FallbackChain(IReadOnlyList<FallbackLink> links, string apology) : IModelProvider
{
    public string Name => links[0].Provider.Name;

    public bool CarriesOn => links[0].Provider.CarriesOn;

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var walk = new FallbackWalk(links, request);
        while (true)
        {
            Failure? failure = null;
            await foreach (var said in walk.Provider.StreamAsync(walk.Request, cancellationToken))
            {
                if (said.Kind == ModelEventKind.Failed)
                {
                    failure = said.FailureDetail;
                    break;
                }

                walk.Observe(said);
                yield return said;
            }

            if (failure is null)
            {
                yield break;
            }

            var step = walk.Down(failure);
            var told = step ?? walk.Apologize(failure);
            if (told is { Retracts: true })
            {
                yield return ModelEvent.Retracted();
            }

            if (told is not null)
            {
                Diagnostics.SteppedDown(told.Code, told.From.Family, told.To.Family, failure.Reason);
                yield return ModelEvent.Warned(told.Warn(failure));
            }

            if (step is not null)
            {
                continue;
            }

            if (told is not null)
            {
                yield return ModelEvent.Answer(apology);
            }

            yield return ModelEvent.Failed(failure);
            yield break;
        }
    }
}
