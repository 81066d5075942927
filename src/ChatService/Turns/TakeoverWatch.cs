namespace ChatGrpc.Turns;

/// <summary>Looks from time to time for what is open in the store and runs nowhere.</summary>
internal sealed class TakeoverWatch(
    TurnStart start, TurnTakeover takeover, TimeProvider time, ILogger<TakeoverWatch> logger)
    : BackgroundService
{
    // Hardly ever is there any; who is locked out of a session by it waits no longer than a person would.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Looks once a minute from the start on.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await start.Ready.WaitAsync(stoppingToken);
            while (true)
            {
                await Task.Delay(Pause, time, stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var ended = new List<string>();
        try
        {
            await takeover.LookAsync(ended, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.OrphansUnknown(logger, failure);
        }

        ended.ForEach(streamId => Log.OrphanFound(logger, streamId));
    }
}
