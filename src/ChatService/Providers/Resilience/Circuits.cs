namespace ChatGrpc.Providers.Resilience;

/// <summary>The circuits by model: those that are configured, and what requests name beside them.</summary>
internal sealed class Circuits(ResilienceOptions options, TimeProvider time)
{
    // A circuit is 2 KB at most. Callers can name models by any name; the one that was longest not asked is forgotten.
    private const int Most = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<(IModelProvider, string), (Circuit Circuit, long Asked)> _circuits = [];
    private long _asked;

    public int Count => _circuits.Count;

    public Circuit Of(IModelProvider provider, string model)
    {
        lock (_lock)
        {
            var circuit = _circuits.TryGetValue((provider, model), out var known)
                ? known.Circuit
                : new Circuit(options, time);
            _circuits[(provider, model)] = (circuit, ++_asked);
            if (_circuits.Count > Most)
            {
                _ = _circuits.Remove(_circuits.MinBy(entry => entry.Value.Asked).Key);
            }

            return circuit;
        }
    }
}
