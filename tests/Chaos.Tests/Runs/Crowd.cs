using Chaos.Tests.Load;

namespace Chaos.Tests.Runs;

/// <summary>The clients of a run: they come, they go on while things break, and they come to their ends.</summary>
internal sealed class Crowd(Town town) : IAsyncDisposable
{
    // Readers of what is over, after the end.
    private const int Replays = 16;

    // Two or three of a run: one alone may be in the middle of something when the store goes away.
    private const int SendersPerKnocker = 90;

    // What still runs when no turn begins any more takes 20 s, and a minute if it was queued behind others.
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _over = new();
    private readonly List<IDisposable> _clients = [];
    private Task _living = Task.CompletedTask;

    /// <summary>The clients come, one after the other; returns when the last one is there.</summary>
    public async Task OpenAsync()
    {
        var plan = town.Plan;
        town.Over = _over.Token;
        var dice = new Random(plan.Seed);
        var all = plan.Senders + plan.Watchers;
        var living = new List<Task>();
        for (var i = 0; i < all; i++)
        {
            if (plan.Watchers > 0 && i % (all / plan.Watchers) == 1)
            {
                var watcher = new Watcher(i, town, dice.Next());
                _clients.Add(watcher);
                living.Add(watcher.RunAsync(_closing.Token, _over.Token));
            }
            else
            {
                var sender = new Sender(i, town, dice.Next())
                {
                    IsKnocking = i % SendersPerKnocker == 0,
                    IsPaired = plan.Pairs && i / 2 % 3 == 2,
                };
                _clients.Add(sender);
                living.Add(sender.RunAsync(_closing.Token, _over.Token));
            }

            await town.Metronome.After(plan.Opening / all);
        }

        _living = Task.WhenAll(living);
    }

    /// <summary>No more turns begin; returns when all have ended.</summary>
    public async Task CloseAsync()
    {
        await _closing.CancelAsync();
        _ = await Task.WhenAny(_living, town.Metronome.After(Ending));
        await _over.CancelAsync();
        await _living.WaitAsync(Ending);
    }

    /// <summary>What is committed is the same for whoever comes late: each stream is read once more.</summary>
    public async Task ReplayAsync(IReadOnlyList<string> streamIds)
    {
        using var limit = new CancellationTokenSource(Ending, TimeProvider.System);
        town.Over = limit.Token;
        await Task.WhenAll(Enumerable.Range(0, Replays).Select(async i =>
        {
            var watcher = new Watcher(i, town, i, "replay");
            _clients.Add(watcher);
            foreach (var stream in streamIds.Where((_, place) => place % Replays == i))
            {
                await watcher.ReadAsync(stream, limit.Token);
            }
        }));
    }

    /// <summary>They are gone, and their logs whole.</summary>
    public void Leave()
    {
        _clients.ForEach(client => client.Dispose());
        _clients.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _over.CancelAsync();
        Leave();
        _closing.Dispose();
        _over.Dispose();
    }
}
