using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Grpc.Tests.Server.Kit;

/// <summary>One thing a server logged.</summary>
internal sealed record LogEntry(string Category, LogLevel Level, EventId Event, string Text, Exception? Exception);

/// <summary>Keeps what a server logs, so that an error nobody expected fails the test.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<(Predicate<LogEntry> Wanted, TaskCompletionSource<LogEntry> Found)> _waits = [];

    public ConcurrentQueue<LogEntry> Entries { get; } = [];

    public IEnumerable<LogEntry> Errors => Entries.Where(entry => entry.Level >= LogLevel.Error);

    /// <summary>The first entry of a kind, there already or still to come.</summary>
    public Task<LogEntry> Wait(Predicate<LogEntry> wanted)
    {
        var found = new TaskCompletionSource<LogEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits.Enqueue((wanted, found));
        if (Entries.FirstOrDefault(entry => wanted(entry)) is { } entry)
        {
            found.TrySetResult(entry);
        }

        return found.Task.WithinLimit();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogRecorder recorder, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var entry = new LogEntry(category, logLevel, eventId, formatter(state, exception), exception);
            recorder.Entries.Enqueue(entry);
            foreach (var (wanted, found) in recorder._waits)
            {
                if (wanted(entry))
                {
                    found.TrySetResult(entry);
                }
            }
        }
    }
}
