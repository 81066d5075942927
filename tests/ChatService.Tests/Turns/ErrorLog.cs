using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChatGrpc.Tests.Turns;

/// <summary>Keeps what is logged, so that a test fails on an Error that it did not expect.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Entries { get; } = [];

    /// <summary>Called with the id of each; who writes it waits.</summary>
    public Action<int> Written { get; set; } = _ => { };

    public IEnumerable<string> Errors =>
        Entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => entry.Text);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        Entries.Enqueue((logLevel, eventId.Id, $"{formatter(state, exception)} {exception}"));
        Written(eventId.Id);
    }

    public void Dispose()
    {
    }
}
