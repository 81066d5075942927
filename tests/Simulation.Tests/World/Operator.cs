namespace Simulation.Tests.World;

/// <summary>Makes the weather of a schedule, and good weather at its end.</summary>
internal sealed class Operator(SimulatedWorld world)
{
    public async Task RunAsync()
    {
        Begin();
        var started = world.Deployment.StartAsync();
        if (world.Trouble.IsAway)
        {
            await PassAsync(world.Chance.Of(500, 5_000, 90_000));
            world.Trouble.IsAway = false;
            world.Trace.Say("operator: the store is there");
        }

        await started;
        switch (world.Workload.Weather)
        {
            case Weather.StoreOutage:
                await SufferOutagesAsync();
                break;
            case Weather.Crashes or Weather.CrashesAndFlakyStore or Weather.CrashesAndUnknownCommits or Weather.Zombies:
                await CrashAsync();
                break;
            case Weather.Drains:
                await PassAsync(1_500);
                await world.Deployment.StopAsync();
                await world.Deployment.StartAsync();
                break;
            default:
                await PassAsync(2_000);
                break;
        }

        world.Trouble.End();
        world.Ledger.WeatherIsGood();
        world.Trace.Say("operator: the weather is good from now on");
    }

    private void Begin()
    {
        var (trouble, chance) = (world.Trouble, world.Chance);
        switch (world.Workload.Weather)
        {
            case Weather.FlakyStore or Weather.CrashesAndFlakyStore:
                trouble.FailPercent = chance.Of(3, 10, 30);
                break;
            case Weather.SlowStore:
                trouble.StallPercent = chance.Of(5, 20);
                break;
            case Weather.Drains:
                trouble.StallPercent = chance.Of(0, 0, 20);
                break;
            case Weather.UnknownCommits or Weather.CrashesAndUnknownCommits:
                trouble.UnknownPercent = chance.Of(5, 20, 40);
                trouble.FailPercent = chance.Of(0, 10);
                trouble.Doubted = chance.Of<PlannedMessage>([.. world.Workload.Messages]).Text;
                break;
            case Weather.StoreOutage:
                trouble.UnknownPercent = chance.Of(0, 20);
                break;
            case Weather.StoreAwayAtStart:
                trouble.IsAway = true;
                break;
            case Weather.RefusedStream:
                trouble.Refused.Add(chance.Of<PlannedMessage>([.. world.Workload.Messages]).Text);
                break;
        }
    }

    private async Task SufferOutagesAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            await PassAsync(800);
            world.Trouble.IsAway = true;
            world.Trace.Say("operator: the store goes away");
            await PassAsync(world.Chance.Of(500, 2_000, 40_000));
            world.Trouble.IsAway = false;
            world.Trace.Say("operator: the store is back");
        }
    }

    private async Task CrashAsync()
    {
        for (var left = world.Chance.Between(1, 3); left > 0; left--)
        {
            await PassAsync(1_000);
            if (world.Workload.Weather == Weather.Zombies)
            {
                world.Deployment.GiveUp();
            }
            else
            {
                world.Deployment.Crash();
            }

            await PassAsync(100);
            await world.Deployment.StartAsync();
        }
    }

    private Task PassAsync(int mostMilliseconds) =>
        world.Clock.PassAsync(world.Chance.Milliseconds(0, mostMilliseconds));
}
