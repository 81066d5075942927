using ChatGrpc.Storage;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>Drops the logs of turns that ended long enough ago. Their messages stay.</summary>
internal sealed class LogRetention(
    IChatStore store, TurnStart start, IOptions<TurnOptions> options, TimeProvider time,
    ILogger<LogRetention> logger)
    : BackgroundService
{
    // So many streams a write: turns that open meanwhile wait for it.
    private const int Batch = 100;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retention = options.Value.Retention;
        var pause = retention / 10 < LongestPause ? retention / 10 : LongestPause;
        using var timer = new PeriodicTimer(pause, time);
        try
        {
            await start.Ready.WaitAsync(stoppingToken);
            do
            {
                await SweepAsync(retention, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task SweepAsync(TimeSpan retention, CancellationToken cancellationToken)
    {
        try
        {
            while (await store.ExpireLogsAsync(time.GetUtcNow() - retention, Batch, cancellationToken) == Batch)
            {
                // There may be more.
            }
        }
        catch (StoreException failure)
        {
            Log.RetentionFailed(logger, failure);
        }
    }
}
