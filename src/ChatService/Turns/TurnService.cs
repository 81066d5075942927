using ChatGrpc.Storage;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>
/// Begins before the service listens, and goes on meanwhile if its store is away; when it stops, lets what runs come to
/// its end, while the server still serves.
/// </summary>
internal sealed class TurnService(
    IChatStore store,
    TurnStart start,
    TurnRegistry turns,
    TurnFlusher flusher,
    Incarnation incarnation,
    StopSignals signals,
    SessionSignals watched,
    TurnFollower follower,
    IOptions<TurnOptions> options,
    TimeProvider time,
    ILogger<TurnService> logger)
    : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) => start.BeginAsync(cancellationToken);

    /// <summary>Runs before the server is told to stop.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await start.EndAsync();
        using var grace = new CancellationTokenSource(options.Value.DrainGrace, time);
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, signals.Hurry);
        if (turns.HasRunning)
        {
            Log.Draining(logger, options.Value.DrainGrace);
        }

        try
        {
            // The last answer may take a while yet, and what waits for nothing of that can go on elsewhere.
            if (store.IsShared)
            {
                await incarnation.ReleaseAsync(await turns.LeaveWaitingAsync());
            }

            await turns.DrainAsync(hurry.Token).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The store is away. What it has not taken by now ends with the next start, as after a crash.
            Log.StoppedUnsaved(logger);
        }

        follower.End();
        watched.End();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await flusher.DisposeAsync();
        await incarnation.EndAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
