using Chat.V1;
using Simulation.Tests.Store;
using Simulation.Tests.World;

namespace Simulation.Tests.Checking;

/// <summary>
/// Looks at the store again and again: what a dead process leaves is taken over in time and has its end then, and no
/// session waits for nothing, while there is one that could see to it.
/// </summary>
internal sealed class LeftTurns(SimulatedWorld world)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // Who takes over has to live for a lease, 3 s, by its own renewals, and what it asked for before must be over.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    // A look each half second, and what it takes to do what it finds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (string What, TimeSpan Since)> _wrong = [];

    public async Task RunAsync()
    {
        while (true)
        {
            await world.Clock.PassAsync(Look);
            foreach (var stream in world.Store.Streams.Where(stream => stream.Record.IsOpen))
            {
                See(stream);
            }
        }
    }

    private void See(StoredStream stream)
    {
        var (id, now) = (stream.Record.StreamId, world.Scheduler.Now);
        if (WhatIsWrong(stream) is not { } what || !world.Deployment.IsThereOneSince(now - Settled))
        {
            _ = _wrong.Remove(id);
        }
        else if (!_wrong.TryGetValue(id, out var before) || before.What != what)
        {
            _wrong[id] = (what, now);
        }
        else if (now - before.Since > Patience)
        {
            world.Ledger.Violate($"{world.Trace.Alias(id, "s")} {what}");
        }
    }

    private string? WhatIsWrong(StoredStream stream)
    {
        if (world.Store.IsOver(stream.Owner))
        {
            return "is left by a dead process, and nobody takes it over";
        }

        if (world.Deployment.OwnerOf(stream) is not { IsWell: true } owner)
        {
            return null;
        }

        return stream.Record.State == StreamState.Queued
            ? stream.Session.Running is null ? "waits for its session, in which nothing runs" : null
            : !owner.Has(stream.Record.StreamId) ? "runs in the store and nowhere else" : null;
    }
}
