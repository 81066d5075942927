using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ChatGrpc.Telemetry;

namespace ChatGrpc.Tests.Telemetry;

/// <summary>What the service's meter counts while this lives: each measurement as its name and its tags.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<string> _taken = [];
    private readonly MeterListener _listener = new();

    public Measurements()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Diagnostics.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var told = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            _taken.Enqueue($"{instrument.Name} {value} {told}");
        });
        _listener.Start();
    }

    /// <summary>Those with that in a tag; other tests count too.</summary>
    public IEnumerable<string> Of(string word) =>
        _taken.Where(taken => taken.Contains(word, StringComparison.Ordinal));

    public void Dispose() => _listener.Dispose();
}
