using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Core.Wire;

/// <summary>The five bytes before each message: a flag byte and the length, big-endian.</summary>
internal readonly record struct FrameHeader(byte Flags, uint Length)
{
    public const int Size = 5;
    public const byte Uncompressed = 0;
    public const byte Compressed = 1;

    /// <summary>In gRPC-Web: the frame holds the trailers, and is the last.</summary>
    public const byte Trailers = 0x80;

    public static void Write(Span<byte> destination, byte flags, int length)
    {
        destination[0] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)length);
    }

    /// <summary>Reads a header; false while fewer than five bytes are there.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, out FrameHeader header)
    {
        if (buffer.FirstSpan.Length >= Size)
        {
            header = Read(buffer.FirstSpan);
            return true;
        }

        if (buffer.Length < Size)
        {
            header = default;
            return false;
        }

        Span<byte> joined = stackalloc byte[Size];
        buffer.Slice(0, Size).CopyTo(joined);
        header = Read(joined);
        return true;
    }

    private static FrameHeader Read(ReadOnlySpan<byte> bytes) =>
        new(bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]));
}
