using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// Ends what the store calls running though nobody runs it: the opening commit of a process that died, or of a call
/// that had failed, which the store came round to when nobody looked for it any more. Else its session stays busy.
/// </summary>
internal sealed class OrphanWatch(
    IChatStore store, TurnStart start, TurnRegistry turns, TurnRecovery recovery, TimeProvider time,
    ILogger<OrphanWatch> logger)
    : BackgroundService
{
    // Hardly ever is there one; who is locked out of a session by it waits no longer than a person would.
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

    // A turn is in the registry before it is in the store, and leaves it after its closing commit: what is read of it
    // after it was not found there holds.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var orphan in await store.ListOrphansAsync(cancellationToken))
            {
                if (turns.Find(orphan.TenantId, orphan.StreamId) is null
                    && await store.FindStreamAsync(orphan.TenantId, orphan.StreamId, cancellationToken)
                        is { State: StreamState.Running })
                {
                    var (ended, next) = await recovery.EndAsync(
                        orphan, TurnEnding.Interrupted(), promotesNext: !turns.IsStopping, cancellationToken);
                    turns.Promote(next ?? "");
                    if (ended)
                    {
                        Log.OrphanFound(logger, orphan.StreamId);
                    }
                }
            }
        }
        catch (StoreException failure)
        {
            Log.OrphansUnknown(logger, failure);
        }
    }
}
