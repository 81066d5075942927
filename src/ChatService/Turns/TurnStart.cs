using ChatGrpc.Model;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>
/// What has to be done before the service takes turns: its store is made ready, what an earlier process left is ended,
/// and what waited is taken on. A store that is away is waited for.
/// </summary>
internal sealed class TurnStart(
    IChatStore store, StoreWaiting waiting, Incarnation incarnation, TurnTakeover takeover, TurnRegistry turns,
    Drain drain, IHostApplicationLifetime lifetime, TimeProvider time) : IDisposable
{
    // So long the server is held back for a store that is about to be ready; with one that is away, it listens at once.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Milestone _ready = new();
    private Task _work = Task.CompletedTask;

    /// <summary>Completes when the service takes turns.</summary>
    public Task Ready => _ready.Reached;

    /// <summary>Why nothing that needs the store can be done yet; null: it can.</summary>
    public Failure? Refusal =>
        _ready.IsReached ? null : drain.HasBegun ? TurnFailures.Stopping : TurnFailures.StoreAway;

    /// <summary>Why the service stops before it has begun; null: it has, or may yet.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Returns when the service is ready, or when that takes a while.</summary>
    /// <exception cref="StartupException">The store can never be used as it is.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        _work = RunAsync();
        using var patient = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        await Task.WhenAny(_work, waiting.Waits, PassAsync(patient.Token));
        patient.Cancel();
        if (_work.IsCompleted)
        {
            await _work;
        }
        else
        {
            _ = StopOnFailureAsync();
        }
    }

    /// <summary>Returns when nothing is under way any more.</summary>
    public async Task EndAsync()
    {
        _stop.Cancel();
        try
        {
            await _work;
        }
        catch (Exception)
        {
            // Whoever runs the service is told by Failure.
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            await waiting.AskAsync(store.PrepareAsync, _stop.Token);
            incarnation.Died += turns.GiveUp;
            await waiting.AskAsync(incarnation.BeginAsync, _stop.Token);
            await waiting.AskAsync(takeover.LookAsync, _stop.Token);
            _ready.Reach();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }

    private async Task StopOnFailureAsync()
    {
        try
        {
            await _work;
        }
        catch (Exception)
        {
            lifetime.StopApplication();
        }
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(LongestSilence, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // It is ready, or not wanted any more.
        }
    }
}
