using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>
/// Serializes messages, each with its frame header, straight into a buffer writer. Reused for all messages of a
/// call, so that a message costs no allocation here.
/// </summary>
internal sealed class FrameWriter(IBufferWriter<byte> output, int? maxMessageBytes) : SerializationContext
{
    private readonly FrameSpan _short = new(output);
    private int? _announcedLength;
    private bool _isShort;
    private ArrayBufferWriter<byte>? _whole;
    private bool _complete;

    /// <summary>Messages of at least so many bytes are compressed with gzip; null: none is.</summary>
    public int? CompressFrom { get; set; }

    /// <summary>A frame was begun and cannot be taken back.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Writes one frame.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: over the limit; nothing was written.</exception>
    public void Write<T>(T message, Marshaller<T> marshaller)
    {
        _announcedLength = null;
        _isShort = false;
        _whole = null;
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
        if (_announcedLength is { } length && !(length >= CompressFrom))
        {
            if (length <= FrameSpan.MostPayloadBytes)
            {
                _isShort = true;
                _short.Begin(length);
                return _short;
            }

            IsBroken = true;
            WriteHeader(FrameHeader.Uncompressed, length);
            return output;
        }

        // The header comes first and has the length: which is unknown without an announcement or before compression.
        return _whole ??= new ArrayBufferWriter<byte>();
    }

    public override void Complete()
    {
        if (_isShort)
        {
            _short.Commit();
        }
        else if (_whole is not null)
        {
            WriteWhole(_whole.WrittenSpan);
        }

        IsBroken = false;

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
        if (payload.Length >= CompressFrom && Gzip.Compress(payload) is { } compressed
            && compressed.Length < payload.Length)
        {
            WriteHeader(FrameHeader.Compressed, compressed.Length);
            output.Write(compressed);
            return;
        }

        WriteHeader(FrameHeader.Uncompressed, payload.Length);
        output.Write(payload);
    }

    private void WriteHeader(byte flags, int length)
    {
        FrameHeader.Write(output.GetSpan(FrameHeader.Size), flags, length);
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
