using System.Diagnostics;

namespace ChatGrpc.Bench.StandIn;

/// <summary>Sends each answer's tokens when they are due: one loop for all, which wakes each millisecond.</summary>
internal sealed class Pacer
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Answer, long> _waiting = new();

    /// <summary>The first token leaves at once; the task ends with the last.</summary>
    public Task SendAsync(Answer answer)
    {
        if (answer.SendNext())
        {
            lock (_gate)
            {
                _waiting.Enqueue(answer, answer.Due);
            }
        }

        return answer.Sent;
    }

    public async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (await timer.WaitForNextTickAsync())
        {
            while (TakeDue() is { } answer)
            {
                _ = SendAsync(answer);
            }
        }
    }

    private Answer? TakeDue()
    {
        lock (_gate)
        {
            return _waiting.TryPeek(out _, out var due) && due <= Stopwatch.GetTimestamp()
                ? _waiting.Dequeue()
                : null;
        }
    }
}
