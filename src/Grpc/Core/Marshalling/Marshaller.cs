namespace Grpc.Core;

/// <summary>How messages of one type are written and read.</summary>
public class Marshaller<T>
{
    private readonly Func<T, byte[]>? _serializer;
    private readonly Func<byte[], T>? _deserializer;

    /// <summary>A marshaller over whole byte arrays.</summary>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        _serializer = serializer;
        _deserializer = deserializer;
        ContextualSerializer = (message, context) => context.Complete(serializer(message));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    /// <summary>A marshaller that writes to and parses from the transport's own buffers.</summary>
    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        ContextualSerializer = serializer;
        ContextualDeserializer = deserializer;
    }

    /// <summary>The byte-array serializer.</summary>
    /// <exception cref="NotSupportedException">The marshaller was made from contextual functions.</exception>
    public Func<T, byte[]> Serializer => _serializer ?? throw ContextualOnly();

    /// <summary>The byte-array deserializer.</summary>
    /// <exception cref="NotSupportedException">The marshaller was made from contextual functions.</exception>
    public Func<byte[], T> Deserializer => _deserializer ?? throw ContextualOnly();

    /// <summary>Writes a message into a context.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>Reads a message from a context.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }

    private static NotSupportedException ContextualOnly() =>
        new("This marshaller works on contexts only; use ContextualSerializer and ContextualDeserializer.");
}
