using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ChatGrpc.Providers;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

/// <summary>Stands before a real provider: keeps what it was asked, and tells when it waits for the clock.</summary>
internal sealed class WatchedModel(IModelProvider model) : IModelProvider
{
    private readonly AsyncSignal _waiting = new();

    public string Name => model.Name;

    public bool CarriesOn => model.CarriesOn;

    public ConcurrentQueue<ModelRequest> Requests { get; } = [];

    /// <summary>Completes when the model has nothing to say at once.</summary>
    public ValueTask WaitsAsync() => _waiting.WaitAsync();

    public async IAsyncEnumerable<ModelEvent> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        await using var said = model.StreamAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = said.MoveNextAsync().AsTask();
            if (!next.IsCompleted)
            {
                _waiting.Set();
            }

            if (!await next)
            {
                yield break;
            }

            yield return said.Current;
        }
    }
}
