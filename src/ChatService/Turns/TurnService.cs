namespace ChatGrpc.Turns;

/// <summary>
/// Before the service listens, ends what an earlier process left; when it stops, ends what still runs.
/// </summary>
internal sealed class TurnService(
    TurnRecovery recovery,
    TurnRegistry registry,
    TurnFlusher flusher,
    IHostApplicationLifetime lifetime,
    ILogger<TurnService> logger)
    : IHostedService
{
    private Task _stopped = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await recovery.RunAsync(cancellationToken);

        // The web server waits for its open streams, so these have to end before it is asked to stop.
        lifetime.ApplicationStopping.Register(() => _stopped = registry.StopAllAsync());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_stopped, registry.StopAllAsync()).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The store is away. What it has not taken by now ends with the next start, as after a crash.
            Log.StoppedUnsaved(logger);
        }

        await flusher.DisposeAsync();
    }
}
