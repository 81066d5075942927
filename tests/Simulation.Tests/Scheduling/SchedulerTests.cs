namespace Simulation.Tests.Scheduling;

public sealed class SchedulerTests
{
    private readonly Scheduler _scheduler = new(new Chance(1));

    [Fact]
    public void RunUntil_TimersOnly_MovesTheClockFromOneToTheNext()
    {
        var clock = new SimulatedClock(_scheduler, _scheduler.World);
        var began = _scheduler.Now;
        var passed = new List<TimeSpan>();
        _ = _scheduler.World.RunAsync(() => Task.WhenAll(PassAsync(30), PassAsync(10), PassAsync(20)));

        Assert.True(_scheduler.RunUntil(() => passed.Count == 3, maxSteps: 100));

        Assert.Equal(new[] { 10, 20, 30 }.Select(seconds => TimeSpan.FromSeconds(seconds)), passed);

        async Task PassAsync(int seconds)
        {
            await clock.PassAsync(TimeSpan.FromSeconds(seconds));
            passed.Add(_scheduler.Now - began);
        }
    }

    [Fact]
    public void RunUntil_NothingReadyAndNoTimer_SaysThatItNeverWillBe() =>
        Assert.False(_scheduler.RunUntil(() => false, maxSteps: 100));

    [Fact]
    public void RunUntil_PlaceHasDied_ItsWorkDoesNotGoOn()
    {
        var place = new Place("process", _scheduler);
        var steps = 0;
        _ = place.RunAsync(async () =>
        {
            for (; ; steps++)
            {
                await Task.Yield();
            }
        });

        Assert.True(_scheduler.RunUntil(() => steps == 3, maxSteps: 100));
        place.Die();

        Assert.False(_scheduler.RunUntil(() => steps > 3, maxSteps: 100));
    }

    [Fact]
    public void RunUntil_WorkOnAnotherThread_IsNoticed()
    {
        var other = new Thread(() => _scheduler.World.Post(_ => { }, null));
        other.Start();
        other.Join();

        Assert.NotNull(_scheduler.Escaped);
        Assert.False(_scheduler.RunUntil(() => false, maxSteps: 100));
    }
}
