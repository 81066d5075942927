namespace Chaos.Tests.Load;

/// <summary>
/// The pace of everything that has one here: how fast providers speak, how long clients wait before they try again, how
/// long a fault lasts. This suite runs in real time, because the processes that it troubles do.
/// </summary>
internal sealed class Metronome : IAsyncDisposable
{
    // Finer than anything that is waited for.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private readonly PeriodicTimer _timer = new(Beat);
    private readonly Task _running;

    public Metronome() => _running = RunAsync();

    /// <summary>Ends after that time, and when the metronome is disposed of.</summary>
    public Task After(TimeSpan time)
    {
        var due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue(due, TimeProvider.System.GetTimestamp() + (long)(time.TotalSeconds * Frequency));
        }

        return due.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _running;
        while (TakeDue(long.MaxValue) is { } waiting)
        {
            waiting.SetResult();
        }
    }

    private static long Frequency => TimeProvider.System.TimestampFrequency;

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            while (TakeDue(TimeProvider.System.GetTimestamp()) is { } due)
            {
                due.SetResult();
            }
        }
    }

    private TaskCompletionSource? TakeDue(long now)
    {
        lock (_lock)
        {
            return _waiting.TryPeek(out _, out var due) && due <= now ? _waiting.Dequeue() : null;
        }
    }
}
