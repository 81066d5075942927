using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Store;

namespace Simulation.Tests.World;

/// <summary>
/// Runs the processes of the service on the same store: one after the other, or several that share it.
/// </summary>
internal sealed class Deployment(SimulatedWorld world)
{
    private readonly List<ServiceInstance> _up = [];
    private readonly List<ServiceInstance> _all = [];

    /// <summary>Those that take calls, or would if they were well.</summary>
    public IReadOnlyList<ServiceInstance> Up => _up;

    /// <summary>Those that have not died and not been stopped.</summary>
    public IEnumerable<ServiceInstance> Alive => _all.Where(instance => !instance.Link.Place.IsDead);

    /// <summary>A process that takes calls, whichever, as soon as there is one.</summary>
    public async Task<ServiceInstance> WhenUpAsync()
    {
        while (_up.Count == 0)
        {
            await world.Clock.PassAsync(TimeSpan.FromMilliseconds(20));
        }

        return _up.Count == 1 ? _up[0] : world.Chance.Of<ServiceInstance>([.. _up]);
    }

    /// <summary>The process that has a turn by the store's word; null: it is gone.</summary>
    public ServiceInstance? OwnerOf(StoredStream stream) =>
        _up.Find(instance => instance.Link == world.Leases.LinkOf(stream.Owner));

    /// <summary>One of them is well, and has been since then, and the store too.</summary>
    public bool IsThereOneSince(TimeSpan time) =>
        !world.Trouble.Any && world.Leases.FlakyUntil <= time
        && (world.Leases.Outage is not { } outage || outage.Until <= time)
        && _up.Exists(instance => instance.IsWell && instance.Link.Hindered <= time);

    /// <summary>Starts a process, which takes calls at once. Returns when it is ready to do what they ask.</summary>
    public async Task StartAsync()
    {
        var instance = Create();
        _all.Add(instance);
        await instance.StartAsync();
        _up.Add(instance);
        world.Trace.Say($"{instance.Name} listens");
        await instance.ReadyAsync();
        instance.Link.WasHindered();
        if (!world.Workload.IsReplicated)
        {
            world.Commits.IsUp();
        }

        world.Trace.Say($"{instance.Name} is up");
    }

    /// <summary>The only one dies.</summary>
    public void Crash() => Crash(_up[0]);

    public void Crash(ServiceInstance instance)
    {
        world.Trace.Say($"{instance.Name} dies");
        world.Ledger.OwnerGone();
        instance.Crash();
        IsGone(instance);
    }

    /// <summary>
    /// Takes the only process for dead, which it is not: its clients are gone, and it can open nothing any more, but
    /// what runs in it runs on.
    /// </summary>
    public void GiveUp()
    {
        world.Trace.Say($"{_up[0].Name} is given up, and goes on");
        world.Ledger.OwnerGone();
        _up[0].GiveUp();
        _up.Clear();
    }

    /// <summary>The only one stops.</summary>
    public Task StopAsync() => StopAsync(_up[0]);

    /// <summary>Stops a process as its operator would; who calls meanwhile meets it stopping.</summary>
    public async Task StopAsync(ServiceInstance instance)
    {
        world.Trace.Say($"{instance.Name} stops");
        world.Ledger.OwnerGone();
        var (began, interrupted) = (world.Scheduler.Now, Interrupted());

        // Its clock may run a little slower or faster than the world's.
        var longest = new TurnOptions().DrainGrace * (world.Workload.IsReplicated ? 1.05 : 1);
        var shortest = new TurnOptions().DrainGrace * (world.Workload.IsReplicated ? 0.95 : 1);
        using var grace = world.Clock.CreateTimer(
            _ => world.Commits.IsHurried = true, null, shortest, Timeout.InfiniteTimeSpan);
        await instance.StopAsync();
        world.Trace.Say($"{instance.Name} has stopped");
        if (world.Scheduler.Now - began >= longest && Interrupted() == interrupted && !world.Trouble.Any)
        {
            world.Ledger.Violate("the service waited before it stopped, and for no turn that ran");
        }

        IsGone(instance);
    }

    public async Task StopAllAsync()
    {
        while (_up.Count > 0)
        {
            await StopAsync(_up[0]);
        }
    }

    private void IsGone(ServiceInstance instance)
    {
        _ = _up.Remove(instance);
        if (!world.Workload.IsReplicated)
        {
            world.Commits.IsGone();
        }
    }

    private int Interrupted() =>
        world.Store.Streams.Count(stream => stream.Record.State == StreamState.Interrupted);

    private ServiceInstance Create()
    {
        var place = new Place($"p{_all.Count + 1}", world.Scheduler);
        var clock = world.Workload.IsReplicated
            ? new SimulatedClock(
                world.Scheduler, place, world.Chance.Milliseconds(-2_000, 2_000), world.Chance.Of(980, 1_000, 1_020))
            : new SimulatedClock(world.Scheduler, place);
        var link = new StoreLink(place, world.Scheduler);
        var outages = world.NewOutages(clock);
        var store = new UnreliableStore(
            world.Store, world.Trouble, link, world.Commits, world.Leases, outages, world.Hints, world.Chance, clock,
            world.Clock, world.Trace);
        var options = new TurnOptions
        {
            TailBytes = world.Workload.TailBytes,
            Heartbeat = world.Workload.Heartbeat,
            ClientResult = Answerer.Patience,
        };
        return new ServiceInstance(link, clock, store, outages, options, world);
    }
}
