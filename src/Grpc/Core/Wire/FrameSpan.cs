using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>
/// A short frame on its way into an output: header and message share one piece of its memory, for each time that a
/// response's writer is asked costs a lock. What is not committed was never written.
/// </summary>
internal sealed class FrameSpan(IBufferWriter<byte> output) : IBufferWriter<byte>
{
    /// <summary>Longer messages do not fit the pieces in which servers keep memory.</summary>
    public const int MostPayloadBytes = 2_048;

    // A serializer may ask for room after its last byte.
    private const int Slack = 16;

    private Memory<byte> _memory;
    private int _written;
    private int _length;

    public void Begin(int payloadLength)
    {
        _length = FrameHeader.Size + payloadLength;
        _memory = output.GetMemory(_length + Slack);
        _written = FrameHeader.Size;
        FrameHeader.Write(_memory.Span, FrameHeader.Uncompressed, payloadLength);
    }

    /// <exception cref="InvalidOperationException">The message is not as long as it was announced.</exception>
    public void Commit()
    {
        _memory = default;
        if (_written != _length)
        {
            throw new InvalidOperationException(
                $"A message of {_length - FrameHeader.Size} bytes was announced, and "
                + $"{_written - FrameHeader.Size} were written.");
        }

        output.Advance(_length);
    }

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => sizeHint <= _memory.Length - _written
        ? _memory[_written..]
        : throw new InvalidOperationException("The serializer writes more than it announced.");

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
