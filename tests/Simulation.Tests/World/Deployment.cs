using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Store;

namespace Simulation.Tests.World;

/// <summary>Runs one process of the service after the other on the same store.</summary>
internal sealed class Deployment(SimulatedWorld world)
{
    private ServiceInstance? _current;
    private int _started;

    /// <summary>The process that takes calls, as soon as there is one.</summary>
    public async Task<ServiceInstance> WhenUpAsync()
    {
        while (_current is null)
        {
            await world.Clock.PassAsync(TimeSpan.FromMilliseconds(20));
        }

        return _current;
    }

    /// <summary>Starts a process, which takes calls at once. Returns when it is ready to do what they ask.</summary>
    public async Task StartAsync()
    {
        var instance = Create();
        await instance.StartAsync();
        _current = instance;
        world.Trace.Say($"{instance.Name} listens");
        await instance.ReadyAsync();
        world.Commits.IsUp();
        world.Trace.Say($"{instance.Name} is up");
    }

    public void Crash()
    {
        world.Trace.Say($"{_current!.Name} dies");
        world.Ledger.OwnerGone();
        _current.Crash();
        _current = null;
        world.Commits.IsGone();
    }

    /// <summary>
    /// Takes the process for dead, which it is not: its clients are gone, and it can open nothing any more, but what
    /// runs in it runs on.
    /// </summary>
    public void GiveUp()
    {
        world.Trace.Say($"{_current!.Name} is given up, and goes on");
        world.Ledger.OwnerGone();
        _current.GiveUp();
        _current = null;
    }

    /// <summary>Stops the process as its operator would; who calls meanwhile meets it stopping.</summary>
    public async Task StopAsync()
    {
        world.Trace.Say($"{_current!.Name} stops");
        world.Ledger.OwnerGone();
        var (began, interrupted) = (world.Scheduler.Now, Interrupted());
        using var grace = world.Clock.CreateTimer(
            _ => world.Commits.IsHurried = true, null, new TurnOptions().DrainGrace, Timeout.InfiniteTimeSpan);
        await _current.StopAsync();
        world.Trace.Say($"{_current.Name} has stopped");
        if (world.Scheduler.Now - began >= new TurnOptions().DrainGrace && Interrupted() == interrupted
            && !world.Trouble.Any)
        {
            world.Ledger.Violate("the service waited before it stopped, and for no turn that ran");
        }

        _current = null;
        world.Commits.IsGone();
    }

    private int Interrupted() =>
        world.Store.Streams.Count(stream => stream.Record.State == StreamState.Interrupted);

    private ServiceInstance Create()
    {
        var place = new Place($"p{++_started}", world.Scheduler);
        var clock = new SimulatedClock(world.Scheduler, place);
        var outages = world.NewOutages();
        var store = new UnreliableStore(
            world.Store, world.Trouble, world.Commits, outages, world.Chance, clock, world.Clock,
            world.Trace);
        var options = new TurnOptions
        {
            TailBytes = world.Workload.TailBytes,
            Heartbeat = world.Workload.Heartbeat,
            ClientResult = Answerer.Patience,
        };
        return new ServiceInstance(place, clock, store, outages, options, world);
    }
}
