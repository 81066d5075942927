using Chaos.Tests.Checking;
using Chaos.Tests.History;
using Chaos.Tests.Load;
using Chat.V1;
using ChatGrpc.TestKit;
using Integration.Tests;

namespace Chaos.Tests.Runs;

/// <summary>kill -9 of a service on the embedded store: the same load, held to the same rules.</summary>
public sealed class EmbeddedKillTests
{
    private const int Kills = 3;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Kill_UnderLoad_LeavesASoundHistory()
    {
        using var logs = new TemporaryFolder();
        var seed = Dice.Roll().Next();
        var plan = new RunPlan(seed, logs.Path) { Senders = 90, Watchers = 10, Opening = TimeSpan.FromSeconds(2) };
        await using var run = await ChaosRun.StartAsync(
            plan, new RunClock(), new Metronome(), folder => new EmbeddedBacking(folder));
        await run.OpenAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            await run.Metronome.After(Between);
            await run.KillServiceAsync();
            await run.StartServiceAsync();
        }

        await run.Metronome.After(Between);
        var evidence = await run.CloseAsync();
        var violations = Checker.Check(evidence);
        TestContext.Current.TestOutputHelper!.WriteLine(Report.Write(seed, evidence, violations));
        Assert.Empty(violations);
        Assert.Contains(evidence.Stored.Streams, stream => stream.State == StreamState.Interrupted);
    }
}
