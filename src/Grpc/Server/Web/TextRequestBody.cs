using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace Grpc.AspNetCore.Server.Web;

/// <summary>
/// The bytes of a request in gRPC-Web's text mode: base64 in one or several segments, each padded to groups of four.
/// </summary>
internal sealed class TextRequestBody(PipeReader text) : Stream
{
    private const int GroupChars = 4;
    private const int GroupBytes = 3;

    // A group never straddles two reads, so this is a multiple of it.
    private readonly byte[] _groups = new byte[1024 * GroupChars];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">It is no base64.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await text.ReadAsync(cancellationToken);
            var taken = 0;
            try
            {
                var written = Decode(read.Buffer, buffer.Span, out taken);
                if (written > 0)
                {
                    return written;
                }

                if (read.IsCompleted)
                {
                    return read.Buffer.IsEmpty
                        ? 0
                        : throw new InvalidDataException("The base64 ends in the middle of a group.");
                }
            }
            finally
            {
                // What is less than a group waits for the rest of it.
                var consumed = read.Buffer.GetPosition(taken);
                text.AdvanceTo(consumed, taken > 0 ? consumed : read.Buffer.End);
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    private int Decode(in ReadOnlySequence<byte> available, Span<byte> destination, out int taken)
    {
        taken = (int)Math.Min(available.Length, Math.Min(_groups.Length, destination.Length / GroupBytes * GroupChars));
        taken -= taken % GroupChars;
        var groups = _groups.AsSpan(0, taken);
        available.Slice(0, taken).CopyTo(groups);

        // A padded group ends its segment; the next one begins anew.
        var padding = groups.IndexOf((byte)'=');
        if (padding >= 0)
        {
            taken = (padding / GroupChars * GroupChars) + GroupChars;
            groups = groups[..taken];
        }

        return Base64.DecodeFromUtf8(groups, destination, out var consumed, out var written) == OperationStatus.Done
            && consumed == taken
            ? written
            : throw new InvalidDataException("The body is no base64.");
    }
}
