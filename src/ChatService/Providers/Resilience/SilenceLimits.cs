using System.Runtime.CompilerServices;

namespace ChatGrpc.Providers.Resilience;

/// <summary>Gives up a try whose model stays silent: before its first text, or in the middle of the answer.</summary>
internal sealed class SilenceLimits(IModelProvider inner, Patience patience, TimeProvider time) : ModelLayer(inner)
{
    private readonly IModelProvider _inner = inner;

    public override async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var beforeText = request.Streaming ? patience.FirstToken : patience.Whole;
        using var watch = new SilenceWatch(patience with { FirstToken = beforeText }, time, cancellationToken);
        await using var said = _inner.StreamAsync(request, watch.Token).GetAsyncEnumerator(watch.Token);
        while (true)
        {
            bool any;
            try
            {
                watch.Begin();
                any = await said.MoveNextAsync();
                watch.End(isText: any && said.Current.IsShown);
            }
            catch (Exception) when (watch.Broken != Silence.None && !cancellationToken.IsCancellationRequested)
            {
                // A cancelled read may end in any way.
                any = false;
            }

            if (!any)
            {
                break;
            }

            yield return said.Current;
        }

        var failures = new ProviderFailures(Name, request.Model);
        switch (watch.Broken)
        {
            case Silence.BeforeText:
                yield return ModelEvent.Failed(failures.NoFirstToken(beforeText));
                break;
            case Silence.InAnswer:
                yield return ModelEvent.Failed(failures.Stalled(patience.Stall));
                break;
        }
    }
}
