using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Grpc.Core.Wire;

/// <summary>The one message encoding beside none.</summary>
internal static class Gzip
{
    private const int ScratchBytes = 16 * 1024;

    // RFC 1952: ten bytes before the content, eight after it, of which four are its length modulo 2^32.
    private const int EnvelopeBytes = 18;
    private const int LengthBytes = 4;

    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>
    /// The content; null if it has more bytes than the limit. Counts before it stores anything, so that a few bytes
    /// that stand for gigabytes cost no memory, and time only up to the limit.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no gzip, or not all of it.</exception>
    public static byte[]? Decompress(in ReadOnlySequence<byte> compressed, int limit)
    {
        // .NET's own GZipStream writes nothing for nothing, and its users send that.
        if (compressed.IsEmpty)
        {
            return [];
        }

        if (Count(compressed, limit) is not { } length)
        {
            return null;
        }

        // GZipStream takes a member that is cut short for its end.
        if (length != AnnouncedLength(compressed))
        {
            throw new InvalidDataException("The gzip member is incomplete.");
        }

        var content = new byte[length];
        using var gzip = Open(compressed);
        gzip.ReadExactly(content);
        return content;
    }

    private static int? Count(in ReadOnlySequence<byte> compressed, int limit)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(ScratchBytes);
        try
        {
            using var gzip = Open(compressed);
            var total = 0L;
            while (gzip.Read(scratch) is > 0 and var read)
            {
                total += read;
                if (total > limit)
                {
                    return null;
                }
            }

            return (int)total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static long AnnouncedLength(in ReadOnlySequence<byte> compressed)
    {
        if (compressed.Length < EnvelopeBytes)
        {
            return -1;
        }

        Span<byte> length = stackalloc byte[LengthBytes];
        compressed.Slice(compressed.Length - LengthBytes).CopyTo(length);
        return BinaryPrimitives.ReadUInt32LittleEndian(length);
    }

    private static GZipStream Open(in ReadOnlySequence<byte> compressed) =>
        new(PipeReader.Create(compressed).AsStream(), CompressionMode.Decompress);
}
