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
    // A wish is taken at once and hardly ever lost: one that is made again is the more seldom, the longer it takes.
    private static readonly TimeSpan FirstRepetition = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRepetition = TimeSpan.FromSeconds(8);

    /// <summary>Another process may own what is not here.</summary>
    public bool Exist => store.IsShared;

    /// <summary>Ends turns that are not here; returns after their closing commits.</summary>
    /// <exception cref="StoreException">The store cannot be reached, or an owner does not do it.</exception>
    public async Task EndAsync(
        string tenantId, IReadOnlyList<string> streamIds, WishKind why, CancellationToken cancellationToken)
    {
        if (Exist && streamIds.Count > 0)
        {
            await HaveDoneAsync(
                Wishes(tenantId, streamIds, why), HaveEndedAsync, options.Value.ClosingCommit, cancellationToken);
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
                await Task.Delay(FirstRepetition, time);
            }
        }
        while (time.GetElapsedTime(began) < options.Value.Total);
    }

    /// <summary>
    /// Makes it known that turns of several processes are cancelled: from then on none of them begins to run. Does not
    /// wait for their ends; a store that cannot be reached is for who does.
    /// </summary>
    public async Task AnnounceEndAsync(string tenantId, IReadOnlyList<string> streamIds)
    {
        if (!Exist)
        {
            return;
        }

        try
        {
            await WishAsync(Wishes(tenantId, streamIds, WishKind.Cancel), CancellationToken.None);
        }
        catch (StoreException)
        {
            // Who ends them says it again.
        }
    }

    /// <summary>
    /// Gives a turn that is not here a tool's result, until the look finds what came of it: the turn takes it when its
    /// other tools are through, however long they need.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public Task GiveAsync(
        string tenantId, string streamId, ToolResult result, Func<Task<bool>> look,
        CancellationToken cancellationToken) =>
        HaveDoneAsync(
            [new TurnWish(tenantId, streamId, WishKind.TakeResult) { ToolResult = result }], look,
            Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Tells a turn's owner that somebody waits for it.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public Task WantAsync(string tenantId, string streamId, CancellationToken cancellationToken) =>
        store.WishAsync(new TurnWish(tenantId, streamId, WishKind.Run), cancellationToken);

    private async Task HaveDoneAsync(
        IReadOnlyList<TurnWish> wishes, Func<Task<bool>> isDone, TimeSpan limit, CancellationToken cancellationToken)
    {
        // The owner hears of a wish within a quarter of a second, and the most of that time it needs for its commit.
        var (began, pace) = (time.GetTimestamp(), new LookPace());
        var (due, repetition) = (TimeSpan.Zero, FirstRepetition);
        while (!await isDone())
        {
            var waited = time.GetElapsedTime(began);
            if (limit != Timeout.InfiniteTimeSpan && waited >= limit)
            {
                throw new StoreException(
                    TurnFailures.StoreAway.Message, new TimeoutException("The turn's owner does not answer."));
            }

            if (waited >= due)
            {
                due = waited + repetition;
                repetition = repetition * 2 < LongestRepetition ? repetition * 2 : LongestRepetition;
                await WishAsync(wishes, cancellationToken);
            }

            await Task.Delay(pace.Pause, time, cancellationToken);
            pace.Looked(isNew: false);
        }
    }

    private async Task WishAsync(IReadOnlyList<TurnWish> wishes, CancellationToken cancellationToken)
    {
        foreach (var wish in wishes)
        {
            await store.WishAsync(wish, cancellationToken);
        }
    }

    private static List<TurnWish> Wishes(string tenantId, IReadOnlyList<string> streamIds, WishKind why) =>
        [.. streamIds.Select(streamId => new TurnWish(tenantId, streamId, why))];
}
