using Chaos.Tests.History;
using Chaos.Tests.Load;
using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;
using Grpc.Core;

namespace Chaos.Tests.Runs;

/// <summary>
/// A service as a process with its store, a provider and clients that keep streaming; whoever runs it does harm
/// meanwhile. At the end: all that was written down.
/// </summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    // Readers of what is over, after the end.
    private const int Replays = 16;

    // Two or three of a run: one alone may be in the middle of something when the store goes away.
    private const int SendersPerKnocker = 90;

    // What still runs when no turn begins any more takes 20 s, and a minute if it was queued behind others.
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(90);

    private readonly RunPlan _plan;
    private readonly IBacking _backing;
    private readonly AnswerDesk _desk;
    private readonly TemporaryFolder _data;
    private readonly Town _town;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _over = new();
    private readonly List<IDisposable> _clients = [];
    private Task _living = Task.CompletedTask;

    private ChaosRun(RunPlan plan, IBacking backing, TemporaryFolder data, AnswerDesk desk, Town town)
    {
        _plan = plan;
        _backing = backing;
        _data = data;
        _desk = desk;
        _town = town;
    }

    public RunClock Clock => _town.Clock;

    public Metronome Metronome => _town.Metronome;

    public ServiceProcess Service { get; private set; } = null!;

    /// <summary>What the services of the run printed that are gone.</summary>
    public List<string> Outputs { get; } = [];

    /// <summary>What was done to the run, in words.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The times in which the store was away while the service lived.</summary>
    public List<Outage> Outages { get; } = [];

    /// <summary>When the service was killed.</summary>
    public List<ServiceKill> Kills { get; } = [];

    /// <param name="backing">Of the folder that the service gets.</param>
    public static async Task<ChaosRun> StartAsync(
        RunPlan plan, RunClock clock, Metronome metronome, Func<string, IBacking> backing)
    {
        var data = new TemporaryFolder();
        var desk = await AnswerDesk.OpenAsync(metronome, clock);
        var town = new Town(plan.Folder, clock, metronome);
        var run = new ChaosRun(plan, backing(data.Path), data, desk, town);
        await run.StartServiceAsync();
        return run;
    }

    public async Task StartServiceAsync()
    {
        Service = await ServiceProcess.StartAsync(
            _data.Path,
            ["Chat:Turns:Heartbeat=00:00:05"],
            new Dictionary<string, string>(_backing.Environment)
            {
                ["OPENAI_BASE_URL"] = $"{_desk.BaseUrl}",
                ["OPENAI_API_KEY"] = "sk-test-0123456789",
            });
        _town.Address = Service.Address;
    }

    /// <summary>Returns when it answers what needs its store: it has ended what its forerunner left behind.</summary>
    public async Task ReadyAsync()
    {
        for (var last = Clock.Now + (long)Ending.TotalMicroseconds; ;)
        {
            try
            {
                _ = await _town.Sessions().ListSessionsAsync(new ListSessionsRequest());
                return;
            }
            catch (RpcException away) when (away.StatusCode == StatusCode.Unavailable && Clock.Now < last)
            {
                await Metronome.After(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    public async Task KillServiceAsync()
    {
        var from = Clock.Now;
        await Service.KillAsync();
        Kills.Add(new ServiceKill(from, Clock.Now));
        Outputs.Add(Service.Output);
        await Service.DisposeAsync();
    }

    /// <summary>The clients come, one after the other; returns when the last one is there.</summary>
    public async Task OpenAsync()
    {
        var dice = new Random(_plan.Seed);
        var all = _plan.Senders + _plan.Watchers;
        var living = new List<Task>();
        for (var i = 0; i < all; i++)
        {
            if (_plan.Watchers > 0 && i % (all / _plan.Watchers) == 1)
            {
                var watcher = new Watcher(i, _town, dice.Next());
                _clients.Add(watcher);
                living.Add(watcher.RunAsync(_closing.Token, _over.Token));
            }
            else
            {
                var sender = new Sender(i, _town, dice.Next()) { IsKnocking = i % SendersPerKnocker == 0 };
                _clients.Add(sender);
                living.Add(sender.RunAsync(_closing.Token, _over.Token));
            }

            await Metronome.After(_plan.Opening / all);
        }

        _living = Task.WhenAll(living);
    }

    /// <summary>No more turns begin; when all have ended, each is read once more, and the service stops.</summary>
    public async Task<Evidence> CloseAsync()
    {
        await _closing.CancelAsync();
        _ = await Task.WhenAny(_living, Metronome.After(Ending));
        await _over.CancelAsync();
        await _living.WaitAsync(Ending);
        await ReplayAsync();
        var exit = await Service.StopAsync();
        Outputs.Add(Service.Output);
        Assert.True(exit == 0, $"The service ended with {exit}:\n{Service.Output}");
        _clients.ForEach(client => client.Dispose());
        _clients.Clear();
        await using var connection = await _backing.OpenAsync();
        return new Evidence(
            ClientLog.ReadAll(_plan.Folder), await StoreReading.ReadAsync(connection), await _desk.CloseAsync(),
            Outages, Faults, Kills);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _over.CancelAsync();
        await Service.DisposeAsync();
        await Metronome.DisposeAsync();
        await _desk.DisposeAsync();
        _clients.ForEach(client => client.Dispose());
        _town.Dispose();
        _data.Dispose();
        _closing.Dispose();
        _over.Dispose();
    }

    // What is committed is the same for whoever comes late.
    private async Task ReplayAsync()
    {
        await using var connection = await _backing.OpenAsync();
        var streams = (await StoreReading.ReadAsync(connection)).Streams;
        using var limit = new CancellationTokenSource(Ending, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, Replays).Select(async i =>
        {
            var watcher = new Watcher(i, _town, i, "replay");
            _clients.Add(watcher);
            foreach (var stream in streams.Where((_, place) => place % Replays == i))
            {
                await watcher.ReadAsync(stream.StreamId, limit.Token);
            }
        }));
    }
}
