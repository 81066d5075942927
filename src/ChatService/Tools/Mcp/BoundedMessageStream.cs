namespace ChatGrpc.Tools.Mcp;

/// <summary>What ends a message in a stream.</summary>
internal enum MessageEnd
{
    /// <summary>The end of a line, over standard output.</summary>
    Line,

    /// <summary>An empty line, in a stream of events.</summary>
    EmptyLine,

    /// <summary>The end of the stream: it is one message.</summary>
    Stream,
}

/// <summary>
/// What a server writes, message by message. A message without end would be gathered in memory until there is none
/// left, so one that is too long ends the stream.
/// </summary>
internal sealed class BoundedMessageStream(Stream inner, MessageEnd end) : Stream
{
    // A tool's largest result is 1 MiB; a picture or a file beside it, in base64, may be a few more.
    private const int MaxBytes = 16 * 1024 * 1024;

    private int _length;
    private byte _last;
    private bool _isLineEmpty = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        Counted(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        return Counted(buffer.Span[..count]);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Counted(ReadOnlySpan<byte> read)
    {
        _length = end switch
        {
            MessageEnd.Line when read.LastIndexOf((byte)'\n') is >= 0 and var last => read.Length - last - 1,
            MessageEnd.EmptyLine => SinceEmptyLine(read),
            _ => _length + read.Length,
        };

        // Over HTTP this kind tells it from a server that is gone.
        return _length <= MaxBytes
            ? read.Length
            : throw new HttpIOException(
                HttpRequestError.ConfigurationLimitExceeded,
                $"A message of the server is larger than {MaxBytes} bytes.");
    }

    private int SinceEmptyLine(ReadOnlySpan<byte> read)
    {
        var length = _length;
        foreach (var next in read)
        {
            length++;
            if (next is (byte)'\n' or (byte)'\r')
            {
                // CR LF is one end of a line.
                var isEnded = next == '\n' && _last == '\r';
                length = _isLineEmpty && !isEnded ? 0 : length;
                _isLineEmpty = true;
            }
            else
            {
                _isLineEmpty = false;
            }

            _last = next;
        }

        return length;
    }
}
