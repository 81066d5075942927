namespace ChatClient.Tests.Transfer;

/// <summary>An input that never ends, or that comes to a stop after the first read.</summary>
internal sealed class EndlessStream : Stream
{
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isRead;

    /// <summary>After the first read nothing more comes.</summary>
    public bool Stops { get; init; }

    /// <summary>Ends when somebody waits for what does not come.</summary>
    public Task Paused => _paused.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isRead && Stops)
        {
            _ = _paused.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        _isRead = true;
        buffer.Span.Fill((byte)'x');
        return buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
