using Chaos.Tests.Checking;
using Chaos.Tests.History;

namespace Chaos.Tests.Replicas;

/// <summary>
/// What is done to replicas and to their database. Each returns when what was hit serves again, and is on the run's
/// record.
/// </summary>
internal sealed class ReplicaTrouble(ReplicaRun run)
{
    // What the database was told before the harm is in it by then, and nobody is taken for dead yet.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    /// <summary>kill -9, and a new process in its place.</summary>
    /// <param name="down">Until somebody starts it.</param>
    public Task KillAsync(Replica replica, TimeSpan down) => HarmAsync(
        HarmKind.Kill, replica, replica.KillAsync,
        async () =>
        {
            await run.Metronome.After(down);
            await run.StartAsync(replica);
        });

    /// <summary>It stands still, as on a machine that hangs; then it goes on and knows of nothing.</summary>
    public Task FreezeAsync(Replica replica, TimeSpan time) => HarmAsync(
        HarmKind.Freeze, replica, replica.FreezeAsync,
        async () =>
        {
            await run.Metronome.After(time);
            await replica.ThawAsync();
            await run.ReadyAsync(replica);
        });

    /// <summary>It alone does not reach the database.</summary>
    public Task CutAsync(Replica replica, TimeSpan time) => HarmAsync(
        HarmKind.Cut, replica,
        () =>
        {
            replica.Cut();
            return Task.CompletedTask;
        },
        async () =>
        {
            await run.Metronome.After(time);
            replica.Mend();
            await run.ReadyAsync(replica);
        });

    /// <summary>SIGTERM, and a new process when the old one has ended.</summary>
    public Task StopAsync(Replica replica)
    {
        var stopping = Task.FromResult(0);
        return HarmAsync(
            HarmKind.Stop, replica,
            () =>
            {
                stopping = replica.StopAsync();
                return Task.CompletedTask;
            },
            async () =>
            {
                var exit = await stopping;
                Assert.True(exit == 0, $"{replica.Name} ended with {exit}:\n{replica.Outputs[^1]}");
                await run.StartAsync(replica);
            });
    }

    /// <summary>As an upgrade does it: one after the other.</summary>
    public async Task RollAsync()
    {
        foreach (var replica in run.Replicas)
        {
            await StopAsync(replica);
        }
    }

    /// <summary>The database ends all sessions, shuts down and comes back.</summary>
    public async Task RestartDatabaseAsync()
    {
        var from = run.Clock.Now;
        await run.Cluster.RestartAsync();
        run.Outages.Enqueue(new Outage("restart of the database", from, await run.Probe.AnswersAsync())
        {
            Begun = from,
            IsTold = true,
        });
        run.Faults.Enqueue("restart of the database");
    }

    /// <summary>kill -9 of the database and all its children.</summary>
    /// <param name="down">Until somebody starts it again.</param>
    public async Task KillDatabaseAsync(TimeSpan down)
    {
        var from = run.Clock.Now;
        await run.Cluster.KillAsync();
        await run.Metronome.After(down);
        await run.Cluster.StartAsync();
        run.Outages.Enqueue(new Outage("kill -9 of the database", from, await run.Probe.AnswersAsync())
        {
            Begun = from,
            IsTold = true,
        });
        run.Faults.Enqueue("kill -9 of the database");
    }

    private async Task HarmAsync(HarmKind kind, Replica replica, Func<Task> begin, Func<Task> end)
    {
        var from = run.Clock.Now;
        await begin();
        await run.Metronome.After(Settling);
        var ending = EndAsync();

        run.Records.Enqueue(RecordAsync());
        _ = await ending;
        run.Faults.Enqueue($"{kind} of a replica");

        async Task RecordAsync()
        {
            var owned = await run.Owners.OpenAsync(replica.Name, from);
            run.Harms.Enqueue(new Harm(kind, replica.Name, from, await ending, owned));
        }

        async Task<long> EndAsync()
        {
            await end();
            return run.Clock.Now;
        }
    }
}
