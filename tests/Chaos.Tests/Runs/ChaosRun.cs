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
    // An end of what a forerunner left takes a moment; a database that recovers, a second or two.
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(90);

    private readonly RunPlan _plan;
    private readonly IBacking _backing;
    private readonly AnswerDesk _desk;
    private readonly TemporaryFolder _data;
    private readonly Town _town;
    private readonly Crowd _crowd;

    private ChaosRun(RunPlan plan, IBacking backing, TemporaryFolder data, AnswerDesk desk, Town town)
    {
        _plan = plan;
        _backing = backing;
        _data = data;
        _desk = desk;
        _town = town;
        _crowd = new Crowd(town);
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
        var town = new Town(plan, clock, metronome);
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
        for (var last = Clock.Now + (long)Starting.TotalMicroseconds; ;)
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
    public Task OpenAsync() => _crowd.OpenAsync();

    /// <summary>No more turns begin; when all have ended, each is read once more, and the service stops.</summary>
    public async Task<Evidence> CloseAsync()
    {
        await _crowd.CloseAsync();
        await using var connection = await _backing.OpenAsync();
        var streams = (await StoreReading.ReadAsync(connection)).Streams;
        await _crowd.ReplayAsync([.. streams.Select(stream => stream.StreamId)]);
        var exit = await Service.StopAsync();
        Outputs.Add(Service.Output);
        Assert.True(exit == 0, $"The service ended with {exit}:\n{Service.Output}");
        _crowd.Leave();
        return new Evidence(
            ClientLog.ReadAll(_plan.Folder), await StoreReading.ReadAsync(connection), await _desk.CloseAsync(),
            Outages, Faults, Kills);
    }

    public async ValueTask DisposeAsync()
    {
        await _crowd.DisposeAsync();
        await Service.DisposeAsync();
        await Metronome.DisposeAsync();
        await _desk.DisposeAsync();
        _town.Dispose();
        _data.Dispose();
    }
}
