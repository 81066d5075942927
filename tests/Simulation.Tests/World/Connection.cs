using Chat.V1;

namespace Simulation.Tests.World;

/// <summary>Between a reader and the process that serves it. The reader may take its time, or be gone.</summary>
/// <param name="takeTime">Before an event is handed over.</param>
/// <param name="receive">Hands an event over.</param>
internal sealed class Connection(Func<CancellationToken, Task> takeTime, Action<Connection, StreamChatResponse> receive)
    : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private bool _isOver;

    public CancellationToken Token => _gone.Token;

    public bool IsClosed { get; private set; }

    /// <summary>Tells the process that the reader is gone.</summary>
    public Action Closing { get; set; } = () => { };

    /// <summary>The reader goes; the process hears of it later.</summary>
    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            Closing();
        }
    }

    /// <summary>The process hears that the reader is gone, unless the call is over.</summary>
    public void Cancel()
    {
        if (!_isOver)
        {
            _gone.Cancel();
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _gone.Dispose();
    }

    public async Task WriteAsync(StreamChatResponse next)
    {
        await takeTime(Token);
        Token.ThrowIfCancellationRequested();
        if (!IsClosed)
        {
            receive(this, next);
        }
    }
}
