using Simulation.Tests.Checking;
using Simulation.Tests.Store;

namespace Simulation.Tests.World;

/// <summary>What a schedule came to.</summary>
/// <param name="Violations">What went against the contract; empty: nothing.</param>
/// <param name="Hash">Of every step, to compare two runs.</param>
internal sealed record ScheduleResult(
    long Seed, Weather Weather, IReadOnlyList<string> Violations, IReadOnlyList<string> Trace, ulong Hash, int Steps);

/// <summary>One seed from its first choice to the last check.</summary>
internal static class Schedule
{
    /// <summary>In schedules from this seed on, several processes share the store.</summary>
    public const long FirstOfReplicas = 1_000_000;

    // A schedule has some hundreds, and some thousands where several processes look for work; one that has so many
    // never ends.
    private const int MaxSteps = 60_000;

    public static ScheduleResult Run(long seed, StoreFlaw flaw = StoreFlaw.None)
    {
        var world = new SimulatedWorld(seed, flaw);
        world.Trace.Say($"seed {seed}: {world.Workload}");
        Play(world);
        return new ScheduleResult(
            seed, world.Workload.Weather, world.Ledger.Violations, world.Trace.Lines, world.Trace.Hash,
            world.Scheduler.Steps);
    }

    private static void Play(SimulatedWorld world)
    {
        Task? actors = null;
        var parts = new List<(string Name, Task Task)>();
        _ = world.Scheduler.World.RunAsync(() => actors = ActAsync(world, parts));
        RunUntil(
            world, () => actors is { IsCompleted: true }, () => $"some do not come to their end: {Open(world, parts)}");
        RunUntil(world, () => world.Store.Streams.All(stream => !stream.Record.IsOpen), () => "a turn never ends");
        RunUntil(
            world,
            () => !world.Workload.IsReplicated || (world.Trouble.Late == 0 && IsOver(world)),
            () => $"a process has a turn that has ended: {Left(world)}");
        if (actors is { IsFaulted: true })
        {
            world.Ledger.Violate($"a client meets a bug: {actors.Exception.InnerException}");
        }

        Task? stopped = null;
        _ = world.Scheduler.World.RunAsync(() => stopped = world.Deployment.StopAllAsync());
        RunUntil(world, () => stopped is { IsCompleted: true }, () => "the service does not stop");
        if (world.Ledger.Violations.Count == 0)
        {
            StreamRules.Check(world);
        }
    }

    private static async Task ActAsync(SimulatedWorld world, List<(string Name, Task Task)> parts)
    {
        if (world.Workload.IsReplicated)
        {
            _ = new LeftTurns(world).RunAsync();
        }

        parts.Add((
            "the operator",
            world.Workload.IsReplicated ? new ReplicaOperator(world).RunAsync() : new Operator(world).RunAsync()));
        parts.AddRange(world.Workload.Messages.Select(
            message => (message.Text, new Sender(message, world).RunAsync())));
        parts.AddRange(world.Workload.Cancels.Select(
            cancel => ($"a cancel of {cancel.Message.Text}", new Canceller(cancel, world).RunAsync())));
        await Task.WhenAll(parts.Select(part => part.Task));
        await world.Answerer.EndAsync();
        world.Trace.Say("all have what they wanted");
    }

    private static string Open(SimulatedWorld world, IEnumerable<(string Name, Task Task)> parts) => string.Join(
        ", ",
        parts.Where(part => !part.Task.IsCompleted).Select(part => part.Name).DefaultIfEmpty("an answerer")
            .Concat(world.Followers.Where(follower => follower.Calls.Length > 0)
                .Select(follower => $"{follower.View.Name} in a call of {follower.Calls}")));

    private static bool IsOver(SimulatedWorld world) =>
        world.Store.Streams.All(stream => !stream.Record.IsOpen)
        && world.Deployment.Alive.All(instance => instance.IsIdle);

    private static string Left(SimulatedWorld world) => string.Join(
        ", ",
        world.Deployment.Alive.Where(instance => !instance.IsIdle).Select(instance => string.Join(
            ' ',
            world.Store.Streams.Select(stream => stream.Record.StreamId).Where(instance.Has)
                .Select(streamId => world.Trace.Alias(streamId, "s")).Prepend(instance.Name))));

    private static void RunUntil(SimulatedWorld world, Func<bool> isDone, Func<string> otherwise)
    {
        if (world.Ledger.Violations.Count == 0
            && !world.Scheduler.RunUntil(() => world.Ledger.Violations.Count > 0 || isDone(), MaxSteps))
        {
            world.Ledger.Violate(world.Scheduler.Escaped ?? otherwise());
        }
    }
}
