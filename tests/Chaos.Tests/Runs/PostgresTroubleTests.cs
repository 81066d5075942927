using Chaos.Tests.Checking;
using Chaos.Tests.Faults;
using ChatGrpc.TestKit;
using Integration.Tests;

namespace Chaos.Tests.Runs;

/// <summary>
/// 200 clients, the real service and the real PostgreSQL, which is killed, restarted, cut off and left without room.
/// docs/chaos.md has the long form of it.
/// </summary>
public sealed class PostgresTroubleTests
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    // Long enough for readers to be warned.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    // Of 200: what streams do in an outage is seen where there are some. The others ended in it.
    private const int AtLeast = 50;

    // The service lives through all faults but the last.
    private const int Outages = 5;

    // A commit waits for nothing, and there is room in memory for all of a run.
    private static readonly string[] Forgetting =
        ["synchronous_commit=off", "wal_buffers=64MB", "shared_buffers=128MB", "bgwriter_lru_maxpages=0"];

    [Fact]
    public async Task Trouble_UnderLoad_LeavesASoundHistory()
    {
        using var logs = new TemporaryFolder();
        var seed = Dice.Roll().Next();
        await using var siege = await Siege.BeginAsync(new RunPlan(seed, logs.Path));
        await siege.Run.OpenAsync();
        await CauseAsync(
            siege,
            trouble => trouble.KillDatabaseAsync(Long),
            trouble => trouble.RestartDatabaseAsync(immediate: false),
            trouble => trouble.CutNetworkAsync(Long),
            trouble => trouble.KillDatabaseAsync(TimeSpan.Zero),
            trouble => trouble.FillDiskAsync(Long),
            trouble => trouble.KillBothAsync(TimeSpan.Zero));
        var evidence = await siege.Run.CloseAsync();
        var violations = Checker.Check(evidence);
        TestContext.Current.TestOutputHelper!.WriteLine(Report.Write(seed, evidence, violations));
        Assert.Empty(violations);
        Assert.Equal(Outages, evidence.Outages.Count);
        Assert.All(evidence.Outages, outage => Assert.True(OutageRules.Through(outage, evidence).Count() > AtLeast));
    }

    /// <summary>The same with a flaw in the store: it says that it has committed what is not on its disk.</summary>
    [Fact]
    public async Task Trouble_OfADatabaseThatForgets_IsFoundOut()
    {
        using var logs = new TemporaryFolder();
        var plan = new RunPlan(Dice.Roll().Next(), logs.Path)
        {
            Senders = 80,
            Watchers = 0,
            DatabaseSettings = Forgetting,
        };
        await using var siege = await Siege.BeginAsync(plan);
        await siege.Run.OpenAsync();
        await CauseAsync(
            siege, trouble => trouble.StopLogWriterAsync(), trouble => trouble.KillDatabaseAsync(TimeSpan.Zero));
        var evidence = await siege.Run.CloseAsync();
        var violations = Checker.Check(evidence);
        TestContext.Current.TestOutputHelper!.WriteLine(Report.Write(plan.Seed, evidence, violations));
        Assert.Contains(violations, violation => violation.Rule == Rule.SavedWhenShown);
    }

    private static async Task CauseAsync(Siege siege, params Func<Trouble, Task>[] faults)
    {
        foreach (var fault in faults)
        {
            await siege.Run.Metronome.After(Calm);
            await fault(siege.Trouble);
        }

        await siege.Run.Metronome.After(Calm);
    }
}
