namespace ChatGrpc.Tests.Providers;

/// <summary>Bytes that arrive in these segments, one to a read.</summary>
internal sealed class SegmentedStream(IEnumerable<ReadOnlyMemory<byte>> segments) : Stream
{
    private readonly Queue<ReadOnlyMemory<byte>> _segments = new(segments.Where(segment => !segment.IsEmpty));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_segments.TryDequeue(out var segment))
        {
            return new(0);
        }

        var length = Math.Min(buffer.Length, segment.Length);
        segment[..length].CopyTo(buffer);
        if (length < segment.Length)
        {
            // What did not fit comes first at the next read.
            var rest = _segments.ToArray();
            _segments.Clear();
            _segments.Enqueue(segment[length..]);
            foreach (var later in rest)
            {
                _segments.Enqueue(later);
            }
        }

        return new(length);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
