using System.Collections.Concurrent;
using ChatGrpc.Storage.Postgres;
using ChatGrpc.TestKit;
using Microsoft.Extensions.Logging;

namespace ChatGrpc.Tests.Storage.Postgres;

/// <summary>What the store logs, to be waited for.</summary>
internal sealed class LogGate : ILogger<PostgresStore>
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _seen = new();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits for a line with that id, while the clock moves from timer to timer.</summary>
    public async Task SeeAsync(int id, ManualTimeProvider time)
    {
        var seen = Of(id).Task.InTime();
        while (!seen.IsCompleted)
        {
            _ = time.AdvanceToNextTimer();
            await Task.Yield();
        }

        await seen;
    }

    public Task SeeAsync(int id) => Of(id).Task.InTime();

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue(formatter(state, exception));
        _ = Of(eventId.Id).TrySetResult();
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private TaskCompletionSource Of(int id) =>
        _seen.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
