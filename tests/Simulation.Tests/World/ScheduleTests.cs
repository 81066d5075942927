namespace Simulation.Tests.World;

public sealed class ScheduleTests
{
    // 2,000 schedules in all: every kind of weather some 200 times.
    private const int SeedsInABlock = 250;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Run_EverySeed_KeepsTheContract(int block)
    {
        for (var seed = block * SeedsInABlock; seed < (block + 1) * SeedsInABlock; seed++)
        {
            var result = Schedule.Run(seed);
            Assert.True(result.Violations.Count == 0, Replay.Report(result));
        }
    }

    // 1,000 in all, where several processes share the store.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_EverySeedOfReplicas_KeepsTheContract(int block)
    {
        var first = Schedule.FirstOfReplicas + (block * SeedsInABlock);
        for (var seed = first; seed < first + SeedsInABlock; seed++)
        {
            var result = Schedule.Run(seed);
            Assert.True(result.Violations.Count == 0, Replay.Report(result));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Schedule.FirstOfReplicas)]
    public void Run_SameSeedTwice_SameScheduleStepForStep(long from)
    {
        for (var seed = from; seed < from + 100; seed++)
        {
            var (first, second) = (Schedule.Run(seed), Schedule.Run(seed));

            Assert.Equal(first.Trace, second.Trace);
            Assert.Equal((first.Hash, first.Steps), (second.Hash, second.Steps));
        }
    }

    [Fact]
    public void Run_OtherSeeds_OtherSchedules() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(seed => Schedule.Run(seed).Hash).Distinct().Count());
}
