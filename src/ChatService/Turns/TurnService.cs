using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>
/// Before the service listens, ends what an earlier process left and takes on what waited; when it stops, lets what
/// runs come to its end, while the server still serves.
/// </summary>
internal sealed class TurnService(
    TurnRecovery recovery,
    TurnAdoption adoption,
    TurnRegistry turns,
    TurnFlusher flusher,
    StopSignals signals,
    SessionSignals watched,
    IOptions<TurnOptions> options,
    TimeProvider time,
    ILogger<TurnService> logger)
    : IHostedLifecycleService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await recovery.RunAsync(cancellationToken);
        await adoption.RunAsync(cancellationToken);
    }

    /// <summary>Runs before the server is told to stop.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var grace = new CancellationTokenSource(options.Value.DrainGrace, time);
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, signals.Hurry);
        if (turns.HasRunning)
        {
            Log.Draining(logger, options.Value.DrainGrace);
        }

        try
        {
            await turns.DrainAsync(hurry.Token).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The store is away. What it has not taken by now ends with the next start, as after a crash.
            Log.StoppedUnsaved(logger);
        }

        watched.End();
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await flusher.DisposeAsync();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
