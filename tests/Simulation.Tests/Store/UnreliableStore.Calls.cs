using ChatGrpc.Storage;

namespace Simulation.Tests.Store;

/// <summary>What becomes of a call on its way.</summary>
internal sealed partial class UnreliableStore
{
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

        var result = await work();
        if (writes)
        {
            trace.Say($"store: {what} -> {told(result)}");
        }

        await TakeTimeAsync(writes);
        if (fate == StoreFate.DoneAndUnknown)
        {
            trace.Say($"store: {what} was done, and its caller hears that nobody knows");
            throw Away(isUnknown: true);
        }

        return result;
    }

    private async Task DoLaterAsync<T>(string what, Func<Task<T>> work, Func<T, string> told)
    {
        await worldClock.PassAsync(trouble.Delay());
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
