using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>
/// Serializes messages, each with its frame header, straight into a buffer writer. Reused for all messages of a
/// call, so that a message costs no allocation here.
/// </summary>
internal sealed class FrameWriter(IBufferWriter<byte> output, int? maxMessageBytes) : SerializationContext
{
    private int? _announcedLength;
    private ArrayBufferWriter<byte>? _unannounced;
    private bool _complete;

    /// <summary>Writes one frame.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: over the limit; nothing was written.</exception>
    public void Write<T>(T message, Marshaller<T> marshaller)
    {
        _announcedLength = null;
        _unannounced = null;
        _complete = false;
        marshaller.ContextualSerializer(message, this);
        if (!_complete)
        {
            throw new InvalidOperationException("The serializer returned without completing the message.");
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckLength(payloadLength);
        _announcedLength = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_announcedLength is { } length)
        {
            WriteHeader(length);
            return output;
        }

        // A serializer that does not know its length in advance cannot have the header before its payload.
        return _unannounced ??= new ArrayBufferWriter<byte>();
    }

    public override void Complete()
    {
        if (_unannounced is not null)
        {
            WriteWhole(_unannounced.WrittenSpan);
        }

        _complete = true;
    }

    public override void Complete(byte[] payload)
    {
        WriteWhole(payload);
        _complete = true;
    }

    private void WriteWhole(ReadOnlySpan<byte> payload)
    {
        CheckLength(payload.Length);
        WriteHeader(payload.Length);
        output.Write(payload);
    }

    private void WriteHeader(int length)
    {
        FrameHeader.Write(output.GetSpan(FrameHeader.Size), FrameHeader.Uncompressed, length);
        output.Advance(FrameHeader.Size);
    }

    private void CheckLength(int length)
    {
        if (length > maxMessageBytes)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"A message of {length} bytes is over the sending limit of {maxMessageBytes} bytes."));
        }
    }
}
