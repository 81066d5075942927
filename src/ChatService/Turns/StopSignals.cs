using System.Runtime.InteropServices;

namespace ChatGrpc.Turns;

/// <summary>
/// Counts the signals that ask for a stop: the host heeds the first, and the second is meant to hurry.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public StopSignals() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        ];

    /// <summary>Somebody does not want to wait.</summary>
    public CancellationToken Hurry => _hurry.Token;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _count) == 2)
        {
            _hurry.Cancel();
        }
    }
}
