using System.Buffers;

namespace Grpc.Core;

/// <summary>Offers the bytes of one received message; they are valid only until the deserializer returns.</summary>
public abstract class DeserializationContext
{
    /// <summary>Payload length in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>A copy of the payload that the caller owns.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotImplementedException();

    /// <summary>The payload in place, as it lies in the receive buffer.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotImplementedException();
}
