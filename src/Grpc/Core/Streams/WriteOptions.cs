using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>Hints for a write.</summary>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "The name is that of the official API.")]
public enum WriteFlags
{
    /// <summary>The transport may wait for the next message before it sends.</summary>
    BufferHint = 0x1,

    /// <summary>Do not compress this message.</summary>
    NoCompress = 0x2,
}

/// <summary>Options for writes.</summary>
public class WriteOptions(WriteFlags flags = default)
{
    /// <summary>No hint at all.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>The hints.</summary>
    public WriteFlags Flags { get; } = flags;
}
