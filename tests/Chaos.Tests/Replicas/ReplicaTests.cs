using Chaos.Tests.Checking;
using Chaos.Tests.History;
using Chaos.Tests.Runs;
using Integration.Tests;

namespace Chaos.Tests.Replicas;

/// <summary>
/// Three replicas behind the deployed balancer, clients that come to any of them, and what happens to machines,
/// networks and clocks. docs/chaos.md has the long form of it.
/// </summary>
public sealed class ReplicaTests
{
    private const int Kills = 4;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1.5);

    // The third replica has lived for a lease and more by then.
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(3);

    // Longer than a lease.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Trouble_OfThreeReplicas_LeavesASoundHistory()
    {
        var logs = Directory.CreateTempSubdirectory("chatgrpc-chaos-");
        var seed = Dice.Roll().Next();
        await using var run =
            await ReplicaRun.StartAsync(ReplicaPlans.Trouble(seed, logs.FullName), clocks: ReplicaPlans.Clocks);
        await run.OpenAsync();
        await CauseAsync(run);
        var evidence = await run.CloseAsync();
        var violations = Checker.Check(evidence);
        TestContext.Current.TestOutputHelper!.WriteLine(Report.Write(seed, evidence, violations));
        Assert.True(violations.Count == 0, $"{violations.Count} violations; the clients' logs are in {logs.FullName}.");
        logs.Delete(recursive: true);
        var kills = evidence.Fleet!.Harms.Where(harm => harm.Kind == HarmKind.Kill).ToList();
        Assert.Equal(Kills, kills.Count);
        Assert.All(kills, kill => Assert.NotEmpty(kill.Ran));
    }

    private static async Task CauseAsync(ReplicaRun run)
    {
        var trouble = new ReplicaTrouble(run);
        var (first, second, third) = (run.Replicas[0], run.Replicas[1], run.Replicas[2]);
        Func<Task>[] faults =
        [
            () => trouble.KillAsync(first, TimeSpan.Zero),
            () => BothAsync(trouble.FreezeAsync(second, Long), third),
            () => BothAsync(trouble.CutAsync(first, Long), second),
            trouble.RestartDatabaseAsync,
            () => BothAsync(trouble.FreezeAsync(third, Long), first),
            trouble.RollAsync,
        ];
        await run.Metronome.After(Calm);
        foreach (var fault in faults)
        {
            await run.Metronome.After(Calm);
            await fault();
        }

        async Task BothAsync(Task other, Replica killed)
        {
            await run.Metronome.After(Later);
            await Task.WhenAll(other, trouble.KillAsync(killed, TimeSpan.Zero));
        }
    }
}
