using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Receives one serialized message. A serializer either calls <see cref="Complete(byte[])"/>, or
/// <see cref="SetPayloadLength"/>, <see cref="GetBufferWriter"/> and <see cref="Complete()"/> in this order.
/// </summary>
public abstract class SerializationContext
{
    /// <summary>Takes a whole payload at once.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>The place to write the payload to, without an intermediate buffer.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Announces the exact payload length in bytes, which lets the frame header be written first.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Ends a payload written through <see cref="GetBufferWriter"/>.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}
