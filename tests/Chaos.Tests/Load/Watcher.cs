using System.Globalization;
using Chaos.Tests.History;
using Chat.V1;

namespace Chaos.Tests.Load;

/// <summary>Somebody who reads what others have asked: from the beginning, to the end.</summary>
internal sealed class Watcher : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly Town _town;
    private readonly Random _dice;
    private readonly ClientLog _log;
    private readonly Client _client;

    public Watcher(int number, Town town, int seed, string role = "watcher")
    {
        _town = town;
        _dice = new Random(seed);
        _log = town.Open(string.Create(CultureInfo.InvariantCulture, $"{role}-{number:000}"));
        _client = new Client(number, town, _log, _dice);
    }

    public async Task RunAsync(CancellationToken closing, CancellationToken over)
    {
        while (!closing.IsCancellationRequested)
        {
            if (_town.Pick(_dice) is { } stream)
            {
                await ReadAsync(stream, over);
            }
            else
            {
                await _town.Metronome.After(Look);
            }
        }
    }

    /// <summary>All of a stream, in as many calls as it takes.</summary>
    public async Task ReadAsync(string stream, CancellationToken over)
    {
        _client.Begin();
        await _client.ResumeAsync(new Resume { StreamId = stream });
        while (_client.StreamId is null && !_client.IsHopeless && !over.IsCancellationRequested)
        {
            await _client.PauseAsync();
            await _client.ResumeAsync(new Resume { StreamId = stream });
        }

        if (_client.StreamId is not null)
        {
            await _client.ToEndAsync(over);
        }
    }

    public void Dispose() => _log.Dispose();
}
