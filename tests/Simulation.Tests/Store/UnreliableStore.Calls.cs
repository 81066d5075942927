using ChatGrpc.Storage;

namespace Simulation.Tests.Store;

/// <summary>What becomes of a call on its way.</summary>
internal sealed partial class UnreliableStore
{
    // No traffic is in the way of these, and they are quick to give up.
    private static readonly TimeSpan LongestOfLease = TimeSpan.FromSeconds(1);

    private Task<bool> EnterAsync(string incarnation, TimeSpan lease)
    {
        leases.Enters(incarnation, link);
        return CallAsync("enter", writes: true, DoAsync, _ => trace.Alias(incarnation, "i"), CancellationToken.None);

        async Task<bool> DoAsync()
        {
            await store.EnterAsync(incarnation, lease, CancellationToken.None);
            return true;
        }
    }

    private async Task<bool> RenewAsync(string incarnation, TimeSpan lease)
    {
        var lives = await CallAsync(
            "renew",
            writes: true,
            () => store.RenewAsync(incarnation, lease, CancellationToken.None),
            lives => lives ? "" : $"{trace.Alias(incarnation, "i")} is dead",
            CancellationToken.None);
        if (!lives)
        {
            leases.Learned(incarnation);
        }

        return lives;
    }

    private async Task<bool> LeaveAsync(string incarnation)
    {
        await store.LeaveAsync(incarnation, CancellationToken.None);
        leases.Left(incarnation);
        return true;
    }

    private Task<T> ReadAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken) =>
        CallAsync("read", writes: false, work, _ => "", cancellationToken);

    private StoreFate NextOpening(NewTurn turn) => trouble.NextOpening(
        turn.Parts is [{ Text: var text }, ..] ? text : "", TimeSpan.FromTicks(clock.GetTimestamp()));

    private Task<T> CallAsync<T>(
        string what, bool writes, Func<Task<T>> work, Func<T, string> told, CancellationToken cancellationToken) =>
        CallAsync(what, trouble.Next(writes), writes, work, told, cancellationToken);

    private async Task<T> CallAsync<T>(
        string what, StoreFate fate, bool writes, Func<Task<T>> work, Func<T, string> told,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await TakeTimeAsync(writes);
        if (link.IsCut || link.Suffers)
        {
            fate = await HangAsync(what, writes);
        }

        if (fate == StoreFate.Failed)
        {
            trace.Say($"store: {what} failed");
            throw Away();
        }

        if (fate is StoreFate.DoneLater or StoreFate.NotDoneAndUnknown)
        {
            trace.Say($"store: {what}: nobody knows");
            if (fate == StoreFate.DoneLater)
            {
                _ = worldClock.Place.RunAsync(() => DoLaterAsync(what, work, told));
            }

            throw Away(isUnknown: true);
        }

        var result = await SendAsync(what, writes, work, told);
        await TakeTimeAsync(writes);
        if (fate == StoreFate.DoneAndUnknown || link.IsCut || link.Suffers)
        {
            trace.Say($"store: {what} was done, and its caller hears that nobody knows");
            throw Away(isUnknown: writes);
        }

        return result;
    }

    // What is sent to a store elsewhere takes effect there, whatever becomes of who sent it.
    private async Task<T> SendAsync<T>(string what, bool writes, Func<Task<T>> work, Func<T, string> told)
    {
        if (!IsShared || chance.Percent(50))
        {
            return await DoAsync();
        }

        T result = default!;
        await worldClock.Place.RunAsync(async () => result = await DoAsync());
        return result;

        async Task<T> DoAsync()
        {
            var done = await work();
            var text = writes ? told(done) : "";
            if (writes && !(IsShared && text.Length == 0))
            {
                trace.Say($"store: {what} -> {text}");
            }

            return done;
        }
    }

    private async Task<StoreFate> HangAsync(string what, bool writes)
    {
        if (!link.Hangs)
        {
            return StoreFate.Failed;
        }

        var longest = what is "enter" or "renew" or "leave"
            ? LongestOfLease
            : TimeSpan.FromMilliseconds(chance.Of(300, 2_000, 5_000));
        await clock.PassAsync(chance.Milliseconds(0, (int)longest.TotalMilliseconds));
        return writes
            ? chance.Of(StoreFate.Failed, StoreFate.DoneLater, StoreFate.NotDoneAndUnknown)
            : StoreFate.Failed;
    }

    private async Task DoLaterAsync<T>(string what, Func<Task<T>> work, Func<T, string> told)
    {
        trouble.Late++;
        await worldClock.PassAsync(trouble.Delay());
        while (IsShared && trouble.IsAway)
        {
            await worldClock.PassAsync(TimeSpan.FromMilliseconds(100));
        }

        trouble.Late--;
        try
        {
            trace.Say($"store: {what} -> {told(await work())}, late");
        }
        catch (StoreException)
        {
            // It is refused, and nobody hears it.
        }
    }

    // Many calls are over at once, as they are on a local file.
    private async Task TakeTimeAsync(bool writes)
    {
        for (var hops = chance.Below(writes ? 3 : 2); hops > 0; hops--)
        {
            await Task.Yield();
        }

        if (trouble.Stall() is { Ticks: > 0 } stall)
        {
            await clock.PassAsync(stall);
        }
    }
}
