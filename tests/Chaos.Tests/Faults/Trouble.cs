using Chaos.Tests.History;
using Chaos.Tests.Runs;
using ChatGrpc.TestKit.Postgres;

namespace Chaos.Tests.Faults;

/// <summary>
/// What is done to the database of a run and to the way there. Each returns when the service saves again, and adds to
/// the run's outages.
/// </summary>
internal sealed class Trouble(
    ChaosRun run, PostgresCluster cluster, PostgresBacking backing, SmallDisk disk, Probe probe)
{
    // There is room left in files that the database has, for a moment: with so many streams a second without a commit
    // is one in which none was possible.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>kill -9 of the postmaster and all its children.</summary>
    /// <param name="down">Until somebody starts it again.</param>
    public async Task KillDatabaseAsync(TimeSpan down)
    {
        var begun = run.Clock.Now;
        await cluster.KillAsync();
        var from = run.Clock.Now;
        await run.Metronome.After(down);
        await cluster.StartAsync();
        var until = await probe.AnswersAsync();
        run.Outages.Add(new Outage("kill -9", from, until)
        {
            Begun = begun,
            IsTold = true,
            Committed = await probe.CommitsAsync(until),
        });
    }

    /// <summary>The process that writes down what was committed without waiting for it stands still for good.</summary>
    public async Task StopLogWriterAsync() => await ProcessTree.StopAsync(await probe.FindAsync("walwriter"));

    /// <summary>A restart, as an operator does it.</summary>
    /// <param name="immediate">Without a checkpoint, so that it recovers as after a crash.</param>
    public async Task RestartDatabaseAsync(bool immediate)
    {
        var from = run.Clock.Now;
        await cluster.RestartAsync(immediate ? "immediate" : "fast");
        await AddAsync(
            immediate ? "restart, immediate" : "restart, fast", from, await probe.AnswersAsync(), isTold: true);
    }

    /// <summary>All its processes stand still; connections stay, and nothing is heard of them.</summary>
    public async Task PauseDatabaseAsync(TimeSpan time)
    {
        var (from, process) = (run.Clock.Now, cluster.ProcessId);
        await ProcessTree.StopAsync(process);
        await run.Metronome.After(time);
        await ProcessTree.ContinueAsync(process);
        await AddAsync("pause", from, run.Clock.Now, isTold: false);
    }

    /// <summary>Connections are reset, and so is each new one.</summary>
    public async Task CutNetworkAsync(TimeSpan time)
    {
        var from = run.Clock.Now;
        backing.IsCut = true;
        backing.Network.Cut();
        await run.Metronome.After(time);
        backing.IsCut = false;
        await AddAsync("network cut", from, run.Clock.Now, isTold: true);
    }

    /// <summary>Nothing arrives in either direction, and nobody is told.</summary>
    public async Task SwallowPacketsAsync(TimeSpan time)
    {
        var from = run.Clock.Now;
        backing.Network.Freeze();
        await run.Metronome.After(time);
        backing.Network.Flow();
        await AddAsync("network black hole", from, run.Clock.Now, isTold: false);
    }

    /// <summary>
    /// The disk under the cluster is full, until nothing can be saved and for that time; where it ends the cluster,
    /// that is started again when there is room.
    /// </summary>
    public async Task FillDiskAsync(TimeSpan time)
    {
        var from = run.Clock.Now;
        await probe.SilenceAsync(Silence, disk.Fill);
        await run.Metronome.After(time);
        disk.Empty();
        if (!cluster.IsRunning)
        {
            await cluster.StartAsync();
        }

        await AddAsync("disk full", from, await probe.AnswersAsync(), isTold: false);
    }

    /// <summary>kill -9 of the service.</summary>
    public async Task KillServiceAsync()
    {
        await run.KillServiceAsync();
        await run.StartServiceAsync();
        await run.ReadyAsync();
    }

    /// <summary>kill -9 of the database and then of the service, which starts again before its database does.</summary>
    /// <param name="down">Until somebody starts the database again.</param>
    public async Task KillBothAsync(TimeSpan down)
    {
        await cluster.KillAsync();
        await run.KillServiceAsync();
        await run.StartServiceAsync();
        await run.Metronome.After(down);
        await cluster.StartAsync();
        await run.ReadyAsync();
    }

    private async Task AddAsync(string kind, long from, long until, bool isTold) => run.Outages.Add(
        new Outage(kind, from, until)
        {
            Begun = from,
            IsTold = isTold,
            Committed = await probe.CommitsAsync(until),
        });
}
