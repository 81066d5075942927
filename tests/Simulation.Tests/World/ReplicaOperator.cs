using Simulation.Tests.Store;

namespace Simulation.Tests.World;

/// <summary>Makes the weather of processes that share a store, and good weather at its end.</summary>
internal sealed class ReplicaOperator(SimulatedWorld world)
{
    private readonly List<Task> _passing = [];

    public async Task RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, world.Chance.Between(2, 3)).Select(_ => world.Deployment.StartAsync()));
        Begin();
        for (var left = world.Chance.Between(1, 3); left > 0; left--)
        {
            await PassAsync(2_500);
            await HappenAsync(world.Workload.Weather);
        }

        for (var i = 0; i < _passing.Count; i++)
        {
            await _passing[i];
        }

        await PassAsync(2_000);
        world.Trouble.End();
        world.Leases.FlakyUntil = world.Leases.FlakyUntil > TimeSpan.Zero ? world.Scheduler.Now : TimeSpan.Zero;
        world.Ledger.WeatherIsGood();
        world.Trace.Say("operator: the weather is good from now on");
    }

    // Half of them on top of what else goes wrong.
    private void Begin()
    {
        var (trouble, chance) = (world.Trouble, world.Chance);
        if (world.Workload.Weather is Weather.CalmReplicas or Weather.RollingRestarts || !chance.Percent(50))
        {
            return;
        }

        trouble.FailPercent = chance.Of(0, 3, 10);
        trouble.UnknownPercent = chance.Of(10, 20, 40);
        trouble.StallPercent = chance.Of(0, 0, 3);
        world.Leases.FlakyUntil = TimeSpan.MaxValue;
    }

    private async Task HappenAsync(Weather weather)
    {
        switch (weather)
        {
            case Weather.RollingRestarts:
                await RestartAllAsync();
                break;
            case Weather.OwnerCrashes:
                await CrashAsync();
                break;
            case Weather.FrozenOwners:
                _passing.Add(FreezeAsync(Choose()));
                break;
            case Weather.CutOffOwners:
                _passing.Add(CutOffAsync(Choose()));
                break;
            case Weather.LeaseOutages:
                await SufferOutageAsync();
                break;
            case Weather.MixedReplicas:
                await HappenAsync(world.Chance.Of(
                    Weather.OwnerCrashes, Weather.OwnerCrashes, Weather.FrozenOwners, Weather.FrozenOwners,
                    Weather.CutOffOwners, Weather.CutOffOwners, Weather.LeaseOutages, Weather.RollingRestarts));
                break;
            default:
                await PassAsync(2_000);
                break;
        }
    }

    // One that has something to lose, mostly; null: none is well.
    private ServiceInstance? Choose()
    {
        var well = world.Deployment.Up.Where(instance => instance.IsWell).ToList();
        var owners = world.Store.Streams.Where(stream => stream.Record.IsOpen).Select(world.Deployment.OwnerOf)
            .OfType<ServiceInstance>().Where(well.Contains).ToList();
        return owners.Count > 0 && world.Chance.Percent(80) ? world.Chance.Of<ServiceInstance>([.. owners])
            : well.Count > 0 ? world.Chance.Of<ServiceInstance>([.. well])
            : null;
    }

    private async Task CrashAsync()
    {
        if (world.Deployment.Up.Count(instance => instance.IsWell) > 1)
        {
            world.Deployment.Crash(Choose()!);
            await PassAsync(4_000);
            await world.Deployment.StartAsync();
        }
    }

    private async Task FreezeAsync(ServiceInstance? frozen)
    {
        if (frozen is null)
        {
            return;
        }

        world.Trace.Say($"{frozen.Name} freezes");
        world.Ledger.OwnerGone();
        frozen.Link.Place.Freeze();
        if (world.Chance.Percent(50))
        {
            await PassAsync(1_000);
            frozen.DropClients();
        }

        await world.Clock.PassAsync(world.Chance.Milliseconds(1_000, 7_000));
        world.Trace.Say($"{frozen.Name} wakes up");
        frozen.Link.WasHindered();
        frozen.Link.Place.Wake();
    }

    private async Task CutOffAsync(ServiceInstance? cut)
    {
        if (cut is null)
        {
            return;
        }

        world.Trace.Say($"{cut.Name} is cut off");
        world.Ledger.OwnerGone();
        cut.Link.Cut(hangs: world.Chance.Percent(50));
        await world.Clock.PassAsync(world.Chance.Milliseconds(500, world.Chance.Of(3_000, 12_000)));
        world.Trace.Say($"{cut.Name} reaches the store again");
        cut.Link.Heal();
    }

    private async Task SufferOutageAsync()
    {
        world.Trace.Say("operator: the store goes away");
        world.Ledger.OwnerGone();
        var (began, isCut) = (world.Scheduler.Now, world.Chance.Percent(50));
        var links = world.Deployment.Up.Select(instance => instance.Link).Where(link => !link.IsCut).ToList();
        world.Leases.Outage = (began, null);
        world.Trouble.IsAway = true;
        if (isCut)
        {
            links.ForEach(link => link.Suffer(hangs: true));
        }

        await world.Clock.PassAsync(world.Chance.Milliseconds(500, world.Chance.Of(3_000, 8_000, 15_000)));
        links.ForEach(link => link.Recover());
        world.Trouble.IsAway = false;
        world.Leases.Outage = (began, world.Scheduler.Now);
        world.Trace.Say("operator: the store is back");
    }

    private async Task RestartAllAsync()
    {
        foreach (var old in world.Deployment.Up.Where(instance => instance.IsWell).ToList())
        {
            var isFirst = world.Chance.Percent(50);
            if (isFirst)
            {
                await world.Deployment.StartAsync();
            }

            if (old.IsWell && world.Deployment.Up.Count > 1)
            {
                await world.Deployment.StopAsync(old);
            }

            if (!isFirst)
            {
                await world.Deployment.StartAsync();
            }
        }
    }

    private Task PassAsync(int mostMilliseconds) =>
        world.Clock.PassAsync(world.Chance.Milliseconds(0, mostMilliseconds));
}
