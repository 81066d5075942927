using Chaos.Tests.Checking;
using ChatGrpc.TestKit;
using Integration.Tests;

namespace Chaos.Tests.Runs;

/// <summary>
/// 200 clients, the real service and the real PostgreSQL, which is killed, restarted, cut off and left without room. The
/// long form of it: docs/chaos.md.
/// </summary>
public sealed class PostgresTroubleTests
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    // Long enough for readers to be warned.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Trouble_UnderLoad_LeavesASoundHistory()
    {
        using var logs = new TemporaryFolder();
        var seed = Dice.Roll().Next();
        await using var siege = await Siege.BeginAsync(new RunPlan(seed, logs.Path));
        await siege.Run.OpenAsync();
        Func<Task>[] faults =
        [
            () => siege.Trouble.KillDatabaseAsync(Long),
            () => siege.Trouble.RestartDatabaseAsync(immediate: false),
            () => siege.Trouble.CutNetworkAsync(Long),
            () => siege.Trouble.KillDatabaseAsync(TimeSpan.Zero),
            () => siege.Trouble.FillDiskAsync(Long),
            () => siege.Trouble.KillBothAsync(TimeSpan.Zero),
        ];
        foreach (var fault in faults)
        {
            await siege.Run.Metronome.After(Calm);
            await fault();
        }

        await siege.Run.Metronome.After(Calm);
        var evidence = await siege.Run.CloseAsync();
        var violations = Checker.Check(evidence);
        TestContext.Current.TestOutputHelper!.WriteLine(Report.Write(seed, evidence, violations));
        Assert.Empty(violations);
    }
}
