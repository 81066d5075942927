using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Does what others want of the turns that run here.</summary>
internal sealed class WishTaking(
    IChatStore store, TurnStart start, TurnRegistry turns, DoubtedOpenings openings, ResultTaking results,
    Incarnation incarnation, StoreHints hints, TimeProvider time, ILogger<WishTaking> logger)
    : BackgroundService
{
    // Who cancels an answer waits for that.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private bool _hasFailed;

    /// <summary>Looks again and again, where the store is shared.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!store.IsShared)
        {
            return;
        }

        var alarm = new Alarm(time);
        hints.Wished += alarm.Ring;
        try
        {
            await start.Ready.WaitAsync(stoppingToken);
            while (true)
            {
                await alarm.WaitAsync(Pause, stoppingToken);
                if (turns.HasOpen)
                {
                    await TakeAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    // What is taken and not done, as this process dies now, is wished again.
    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            Exception? failure = null;
            foreach (var wish in await store.TakeWishesAsync(incarnation.Id, cancellationToken))
            {
                failure = await TryAsync(wish, cancellationToken) ?? failure;
            }

            Tell(failure);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Tell(failure);
        }
    }

    // Those behind it are taken already.
    private async Task<Exception?> TryAsync(TurnWish wish, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(wish, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return failure;
        }
    }

    // Once, until it goes well again.
    private void Tell(Exception? failure)
    {
        if (failure is not null && !_hasFailed)
        {
            Log.WishesUnknown(logger, failure);
        }

        _hasFailed = failure is not null;
    }

    private async Task DoAsync(TurnWish wish, CancellationToken cancellationToken)
    {
        switch (wish.Kind)
        {
            case WishKind.Cancel:
                turns.Find(wish.TenantId, wish.StreamId)?.Stop.TryStop(StopCause.Cancelled);
                break;
            case WishKind.Abandon:
                turns.Find(wish.TenantId, wish.StreamId)?.Stop.TryStop(StopCause.ClientGone);
                break;
            case WishKind.TakeResult when turns.Find(wish.TenantId, wish.StreamId) is { } turn:
                _ = results.Give(turn, wish.ToolResult!, out _);
                break;
            case WishKind.Run:
                await openings.WantAsync(wish.TenantId, wish.StreamId, cancellationToken);
                break;
        }
    }
}
