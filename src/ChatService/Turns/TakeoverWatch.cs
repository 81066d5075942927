using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>Looks again and again for what is open in the store and runs nowhere.</summary>
internal sealed class TakeoverWatch(
    IChatStore store, StoreHints hints, TurnStart start, TurnTakeover takeover, TimeProvider time,
    ILogger<TakeoverWatch> logger)
    : BackgroundService
{
    // Others may die at any time, and their turns should have an end soon after their leases.
    private static readonly TimeSpan SharedPause = Incarnation.Lease / 6;

    private static readonly TimeSpan LonePause = TimeSpan.FromMinutes(1);

    private bool _hasFailed;

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var alarm = new Alarm(time);
        hints.Wished += alarm.Ring;
        try
        {
            await start.Ready.WaitAsync(stoppingToken);
            var pause = store.IsShared ? SharedPause : LonePause;
            for (var looked = time.GetTimestamp(); ;)
            {
                var left = pause - time.GetElapsedTime(looked);
                await alarm.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, stoppingToken);
                if (time.GetElapsedTime(looked) < pause)
                {
                    // What is wanted may be that a turn runs now; nobody has died of that.
                    await TryAsync(takeover.PromoteAsync, stoppingToken);
                    continue;
                }

                looked = time.GetTimestamp();
                await TryAsync(takeover.LookAsync, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async Task TryAsync(Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        try
        {
            await look(cancellationToken);
            _hasFailed = false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (!_hasFailed)
            {
                Log.OrphansUnknown(logger, failure);
            }

            _hasFailed = true;
        }
    }
}
