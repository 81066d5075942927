using Simulation.Tests.Mutants;

namespace Simulation.Tests.World;

public sealed class ReplayTests
{
    // Texts hash otherwise in every process, so an order that hangs on hashes would show here.
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(Schedule.FirstOfReplicas + 14)]
    [InlineData(Schedule.FirstOfReplicas + 20)]
    public async Task One_InAProcessOfItsOwn_SameTrace(long seed)
    {
        var (exitCode, output) = await ToolProcess.RunAsync(
            BuildFacts.DotNet,
            [typeof(ReplayTests).Assembly.Location, "schedules", $"{seed}"],
            BuildFacts.Repository);

        Assert.Equal(Replay.Report(Schedule.Run(seed)) + Environment.NewLine, output);
        Assert.Equal(0, exitCode);
    }
}
