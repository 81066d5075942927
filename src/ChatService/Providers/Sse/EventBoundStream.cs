using System.Runtime.CompilerServices;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Sse;

/// <summary>
/// Counts the bytes since the last whole event and refuses to go on beyond the limit, because the parser on top of it
/// keeps an unfinished event in memory however long it grows.
/// </summary>
internal sealed class EventBoundStream(Stream inner, int maxEventBytes) : Stream
{
    private long _bytesSinceEvent;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void EventEnded() => _bytesSinceEvent = 0;

    // Pooled, because a read that waits would otherwise cost a state machine for every token.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_bytesSinceEvent > maxEventBytes)
        {
            throw new EventTooLargeException();
        }

        return Count(await inner.ReadAsync(buffer, cancellationToken));
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int bytes)
    {
        _bytesSinceEvent += bytes;
        return bytes;
    }
}
