using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>
/// Deserializes messages from a slice of the receive buffer. Reused for all messages of a call, so that a message
/// costs no allocation beyond itself.
/// </summary>
internal sealed class FramePayload : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    /// <summary>Parses one message.</summary>
    public T Read<T>(in ReadOnlySequence<byte> payload, Marshaller<T> marshaller)
    {
        _payload = payload;
        try
        {
            return marshaller.ContextualDeserializer(this);
        }
        finally
        {
            // The buffer goes back to its pool: a kept reference would show another message's bytes.
            _payload = default;
        }
    }

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;
}
