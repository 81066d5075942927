using Chat.V1;
using ChatGrpc.Storage;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>
/// Has something done with turns that another incarnation runs: wishes for it in the store, and looks there for what
/// came of it. An owner that dies may have taken a wish with it, so it is made again.
/// </summary>
internal sealed class TurnsElsewhere(
    IChatStore store, TurnRegistry turns, IOptions<TurnOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Repetition = TimeSpan.FromSeconds(1);

    /// <summary>Another process may own what is not here.</summary>
    public bool Exist => store.IsShared;

    /// <summary>Ends turns that are not here; returns after their closing commits.</summary>
    /// <exception cref="StoreException">The store cannot be reached, or an owner does not do it.</exception>
    public async Task EndAsync(
        string tenantId, IReadOnlyList<string> streamIds, WishKind why, CancellationToken cancellationToken)
    {
        if (Exist && streamIds.Count > 0)
        {
            var wishes = streamIds.Select(streamId => new TurnWish(tenantId, streamId, why)).ToList();
            await HaveDoneAsync(wishes, HaveEndedAsync, cancellationToken);
        }

        async Task<bool> HaveEndedAsync()
        {
            var here = streamIds.Select(streamId => turns.Find(tenantId, streamId)).OfType<Turn>().ToList();
            await turns.EndAsync(
                here, why == WishKind.Cancel ? StopCause.Cancelled : StopCause.ClientGone, cancellationToken);
            foreach (var streamId in streamIds)
            {
                if (await store.FindStreamAsync(tenantId, streamId, cancellationToken) is { IsOpen: true })
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>As the other, and nobody waits for it or hears of it.</summary>
    public async Task EndLaterAsync(string tenantId, IReadOnlyList<string> streamIds, WishKind why)
    {
        var began = time.GetTimestamp();
        do
        {
            try
            {
                await EndAsync(tenantId, streamIds, why, CancellationToken.None);
                return;
            }
            catch (StoreException)
            {
                // Their owner would go on, and be paid for it: again, until they end by themselves.
                await Task.Delay(Repetition, time);
            }
        }
        while (time.GetElapsedTime(began) < options.Value.Total);
    }

    /// <summary>Gives a turn that is not here a tool's result, until the look finds what came of it.</summary>
    /// <exception cref="StoreException">The store cannot be reached, or an owner does not do it.</exception>
    public Task GiveAsync(
        string tenantId, string streamId, ToolResult result, Func<Task<bool>> look,
        CancellationToken cancellationToken) =>
        HaveDoneAsync(
            [new TurnWish(tenantId, streamId, WishKind.TakeResult) { ToolResult = result }], look, cancellationToken);

    /// <summary>Tells a turn's owner that somebody waits for it.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public Task WantAsync(string tenantId, string streamId, CancellationToken cancellationToken) =>
        store.WishAsync(new TurnWish(tenantId, streamId, WishKind.Run), cancellationToken);

    private async Task HaveDoneAsync(
        IReadOnlyList<TurnWish> wishes, Func<Task<bool>> isDone, CancellationToken cancellationToken)
    {
        // The owner hears of a wish within a quarter of a second, and the most of that time it needs for its commit.
        var (began, pace) = (time.GetTimestamp(), new LookPace());
        long? wished = null;
        while (!await isDone())
        {
            if (time.GetElapsedTime(began) >= options.Value.ClosingCommit)
            {
                throw new StoreException(
                    TurnFailures.StoreAway.Message, new TimeoutException("The turn's owner does not answer."));
            }

            if (wished is not { } last || time.GetElapsedTime(last) >= Repetition)
            {
                wished = time.GetTimestamp();
                foreach (var wish in wishes)
                {
                    await store.WishAsync(wish, cancellationToken);
                }
            }

            await Task.Delay(pace.Pause, time, cancellationToken);
            pace.Looked(isNew: false);
        }
    }
}
