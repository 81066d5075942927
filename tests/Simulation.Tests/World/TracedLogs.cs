using Microsoft.Extensions.Logging;
using Simulation.Tests.Checking;
using Simulation.Tests.Scheduling;

namespace Simulation.Tests.World;

/// <summary>The service's log, as lines of the trace: the events' numbers, because texts hold ids of one run.</summary>
internal sealed class TracedLogs(Trace trace, Ledger ledger) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("The trace is the only log there is.");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "OrphanFound" && state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            ledger.OrphanFound($"{values[0].Value}");
        }

        if (IsEnabled(logLevel))
        {
            trace.Say($"log: {logLevel} {eventId.Id} {eventId.Name} {exception?.GetType().Name} {exception?.Message}");
        }
    }

    public void Dispose()
    {
    }
}
